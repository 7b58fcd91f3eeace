#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"

namespace dialtone {

/// A parent is told eight bits of an exit code (man 3 exit).
constexpr std::int64_t kLargestExitCode = 255;

/// For people: what a text of exit codes may be.
constexpr std::string_view kExitCodesHint =
    R"(0 to 255; several are "7,52", all others "not 0" or "nonzero", all "any")";

/// The exit codes that are accepted of a program: those listed, or all but those. One that a signal
/// ended has none.
struct ExitCodes {
  std::vector<int> listed;
  bool all_but = false;

  bool accepts(int code) const;
  bool operator==(const ExitCodes&) const = default;
};

/// "7", "7,52", "nonzero", "any", and "not " before any of them. nullopt for another text, and
/// where no code is left ("not any").
std::optional<ExitCodes> parse_exit_codes(std::string_view text);

/// What parse_exit_codes() reads: "7,52", "not 0", "any".
std::string to_text(const ExitCodes& codes);

/// "exit code 7 or 52", "an exit code other than 0", "an exit code, and no signal".
std::string describe(const ExitCodes& codes);

/// Of a file: a number, a list of numbers, or such a text, which may be `${name}`. nullopt where it
/// is none of these, or `${name}` has no value.
std::optional<ExitCodes> exit_codes_of(const JsonNode& node, const LoadContext& context);

/// The same; what is wrong with `node`, the value of `what`, is reported. A `${name}` that stands
/// for a parameter which the profile does not give becomes a need.
std::optional<ExitCodes> read_exit_codes(const JsonNode& node, std::string_view what,
                                         LoadContext& context);

}  // namespace dialtone
