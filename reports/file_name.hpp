#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dialtone {

/// Names for the files of one directory, made of texts that anybody may have written: letters,
/// digits, '-', '_' and '.' of ASCII, at most 120 octets, no hidden file, and none given twice, not
/// even where a file system takes 'A' for 'a'.
class FileNames {
 public:
  /// "ART-09 [3/500]" and ".pcapng" -> "ART-09_3_500.pcapng"; the second of that name ends in
  /// "~2.pcapng".
  std::string make(std::string_view text, std::string_view extension);

 private:
  std::set<std::string> taken_;      // in lower case
  std::map<std::string, int> last_;  // number given to a name, likewise
};

}  // namespace dialtone
