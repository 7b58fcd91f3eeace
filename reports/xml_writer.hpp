#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// Writes XML 1.0 as a stream. Every value passes through `printable` and is escaped in one place,
/// so that no octet of a peer can make the document invalid; names must be names. CDATA, DOCTYPE
/// and comments are never written. An element holds either elements or text.
class XmlWriter {
 public:
  /// Writes the declaration. `out` must outlive the writer.
  explicit XmlWriter(std::ostream& out);

  void open(std::string_view name);
  /// Only before the element's first child or text. LF and TAB are written as \n and \t: readers
  /// would make them spaces.
  void attribute(std::string_view name, std::string_view value);
  /// LF and TAB stay.
  void text(std::string_view value);
  void close();

 private:
  struct Element {
    std::string name;
    bool has_children = false;
    bool has_text = false;
  };

  void end_start_tag();
  void start_line();
  void write_escaped(std::string_view printable_text, bool in_attribute);

  std::ostream& out_;
  std::vector<Element> elements_;
  bool in_start_tag_ = false;
};

}  // namespace dialtone
