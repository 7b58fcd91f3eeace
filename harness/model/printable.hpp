#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// The one function through which bytes of a peer, a file or a process reach a person (terminal,
/// XML, HTML, logs). Takes anything that claims to be UTF-8; returns valid UTF-8 without C0 and C1
/// controls, DEL, bidirectional and other format controls (Cf), line and paragraph separators,
/// private-use and noncharacters or lone surrogates: each such octet or character is written as
/// \xNN, or \u{NNNN} for a well-formed character. LF, CR and TAB are written as `\n`, `\r` and `\t`
/// (two characters each), unless `keep_lines`, when LF and TAB stay as they are. A backslash is
/// doubled only where `escape_backslash`, so that the output is unambiguous.
struct PrintableOptions {
  bool keep_lines = false;
  bool escape_backslash = false;
};
std::string printable(std::string_view bytes, PrintableOptions options = {});

}  // namespace dialtone
