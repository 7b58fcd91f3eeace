#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// `value` as HTML text or as the inside of a quoted attribute: printable (harness/model), then
/// with & < > " ' as entities. Whatever the octets, they stay text. The only function of the HTML
/// report through which a value passes.
enum class HtmlLines {
  kEscaped,  ///< LF and TAB are written as \n and \t
  kKept,     ///< for preformatted text
};
std::string html_escaped(std::string_view value, HtmlLines lines = HtmlLines::kEscaped);

struct HtmlAttribute {
  std::string_view name;
  std::string_view value;
};

/// Writes HTML that is well-formed XML too, as a stream. Values are escaped; names of elements and
/// attributes must be names.
class HtmlWriter {
 public:
  using Attributes = std::initializer_list<HtmlAttribute>;

  /// Writes the document type. `out` must outlive the writer.
  explicit HtmlWriter(std::ostream& out);

  void open(std::string_view name, Attributes attributes = {});
  void close();
  void text(std::string_view value);
  /// LF and TAB stay: for pre.
  void preformatted(std::string_view value);

  /// An element of text alone.
  void element(std::string_view name, std::string_view text, Attributes attributes = {});
  /// An element without content, such as meta.
  void leaf(std::string_view name, Attributes attributes = {});
  /// A style or script of our own, as it is: it must hold neither '<' nor '&'.
  void verbatim(std::string_view name, std::string_view content);

  /// Octets written so far.
  std::size_t written() const { return written_; }

 private:
  void put(std::string_view markup);
  void start_tag(std::string_view name, Attributes attributes, std::string_view end);

  std::ostream& out_;
  std::vector<std::string> elements_;
  std::size_t written_ = 0;
};

/// Opens a box for what may be wider than the screen; the keyboard scrolls it too.
void open_scroll(HtmlWriter& html, std::string_view label);

}  // namespace dialtone
