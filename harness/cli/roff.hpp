#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// A manual page in the man macros (man(7)), which groff and mandoc read. Whatever text it is given
/// is text there: no letter of it is markup.
class Roff {
 public:
  struct Title {
    std::string_view name;  ///< "dialtone"
    int section;
    std::string_view date;     ///< "2026-11-27"
    std::string_view source;   ///< "dialtone 0.1.0"
    std::string_view summary;  ///< of NAME
  };

  explicit Roff(const Title& title);

  void section(std::string_view heading);
  void subsection(std::string_view heading);
  void paragraph(std::string_view text);
  /// An entry of a list: `term` in bold, with `rest` behind it in the usual type.
  void entry(std::string_view term, std::string_view rest, std::string_view text);
  /// As it is, each line on a line of its own.
  void literal(std::string_view lines);

  const std::string& text() const { return out_; }

 private:
  void begin_paragraph();
  void filled(std::string_view text);

  std::string out_;
};

/// `text` so that roff shows just it: backslashes, hyphens that are minus signs, and periods and
/// quotes at the beginning of a line.
std::string roff_text(std::string_view text);

}  // namespace dialtone
