#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone::junit {

/// Gives every case a (classname, name) of its own: readers drop the second of two equal ones.
/// Holds the names that come twice, and 1 MiB whatever their number: a Bloom filter (Bloom 1970,
/// "Space/time trade-offs in hash coding with allowable errors").
class Names {
 public:
  Names();

  /// All that will be wanted must be told before the first is claimed.
  void expect(std::string_view classname, std::string_view wanted);

  /// The wanted name; where it was claimed before, that with the first "[2]", "[3]"... that nobody
  /// wants.
  std::string claim(std::string_view classname, std::string_view wanted);

  bool has_repetitions() const { return !repeated_.empty(); }
  /// Forgets the claims: the same claims give the same names again.
  void restart() { last_number_.clear(); }

 private:
  bool is_set(std::uint64_t hash) const;

  std::vector<bool> seen_;
  std::set<std::uint64_t> repeated_;        // hashes of names that came twice, and a few by mistake
  std::map<std::string, int> last_number_;  // of those, by classname and name
};

}  // namespace dialtone::junit
