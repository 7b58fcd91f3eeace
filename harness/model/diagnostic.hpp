#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// A place in a file that a user wrote. Lines and columns count from 1, columns in characters (not
/// bytes); 0 means that the mistake has no line (a missing file).
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const SourceLocation&) const = default;
};

/// "file:line:column", or only "file" where there is no line.
std::string to_string(const SourceLocation& where);

/// A user's mistake: where, what, and how to mend it (may be empty).
struct Diagnostic {
  SourceLocation where;
  std::string message;
  std::string hint;

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// Two lines at the most, each ended by LF: "file:line:column: message" and "  hint: ...". Hostile
/// characters of the file are escaped (`printable`).
std::string render(const Diagnostic& diagnostic);

/// The candidate that `word` is most likely a misspelling of, as "did you mean 'expect'?"; where
/// none is near, the list of all: "known: a, b, c". Empty where there are no candidates.
std::string suggest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace dialtone
