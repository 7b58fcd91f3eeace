#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// A line of a build's log that no CI system takes for one of its commands: "::error::" at its
/// begin (GitHub's workflow commands), "##[" (GitHub and Azure, the older form), "##vso["
/// (Azure) and "##teamcity[" anywhere. What a peer or a launched program says stands in such lines,
/// and is no order to the CI system. The first sign of such a mark becomes "\x3a" or "\x23", as
/// printable() writes what does not show; every other line stays as it is.
std::string without_ci_commands(std::string_view line);

}  // namespace dialtone
