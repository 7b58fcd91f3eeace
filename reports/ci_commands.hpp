#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// A line of a build's log that no CI system takes for one of its commands: "::error::" at its
/// begin (GitHub's workflow commands), "##[" (GitHub and Azure, the older form), "##vso["
/// (Azure) and "##teamcity[" anywhere. What a peer or a launched program says stands in such lines,
/// and is no order to the CI system. The first sign of such a mark becomes "\x3a" or "\x23", as
/// printable() writes what does not show, or what the syntax that it stands in has for that; every
/// other line stays as it is. `lines`: one or several, with LF between them.
struct CiEscapes {
  std::string_view colon = "\\x3a";
  std::string_view number_sign = "\\x23";
};
std::string without_ci_commands(std::string_view lines, const CiEscapes& escapes = {});

/// The reader of the markup, and of JSON, finds the same text in it.
inline constexpr CiEscapes kCiEscapesOfMarkup{"&#58;", "&#35;"};
inline constexpr CiEscapes kCiEscapesOfJson{"\\u003a", "\\u0023"};

}  // namespace dialtone
