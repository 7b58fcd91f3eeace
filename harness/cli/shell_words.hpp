#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// The word as a POSIX shell must be given it: quoted where it has to be.
std::string shell_word(std::string_view word);

/// The line's words, with quotes and backslashes read as a POSIX shell does (XCU 2.2); nothing is
/// expanded: `$`, `*`, `|` and `;` are characters like any other. nullopt where a quote is not
/// closed, or a backslash ends the line.
std::optional<std::vector<std::string>> split_shell_words(std::string_view line);

}  // namespace dialtone
