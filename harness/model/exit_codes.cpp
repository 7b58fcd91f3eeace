#include "harness/model/exit_codes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kNot = "not ";

std::optional<int> parse_code(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  int code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && code >= 0 && code <= kLargestExitCode ? std::optional(code) : std::nullopt;
}

std::optional<ExitCodes> parse_list(std::string_view text) {
  ExitCodes codes;
  while (true) {
    const auto comma = text.find(',');
    const auto code = parse_code(text.substr(0, comma));
    if (!code) return std::nullopt;
    codes.listed.push_back(*code);
    if (comma == std::string_view::npos) return codes;
    text.remove_prefix(comma + 1);
  }
}

/// One of a list, or the only one.
std::optional<int> code_of(const JsonNode& node) {
  const bool good = node.kind == JsonNode::Kind::kInteger && node.integer >= 0 &&
                    node.integer <= kLargestExitCode;
  return good ? std::optional(static_cast<int>(node.integer)) : std::nullopt;
}

std::optional<ExitCodes> list_of(const JsonNode& node) {
  ExitCodes codes;
  for (const auto& item : node.items) {
    const auto code = code_of(item);
    if (!code) return std::nullopt;
    codes.listed.push_back(*code);
  }
  return codes.listed.empty() ? std::nullopt : std::optional(std::move(codes));
}

}  // namespace

bool ExitCodes::accepts(int code) const {
  return (std::ranges::find(listed, code) != listed.end()) != all_but;
}

std::optional<ExitCodes> parse_exit_codes(std::string_view text) {
  if (text == "any") return ExitCodes{{}, true};
  if (text == "nonzero") return ExitCodes{{0}, true};
  if (!text.starts_with(kNot)) return parse_list(text);
  const auto inner = text.substr(kNot.size());
  // Twice where a default says "not" of what somebody gave.
  if (inner.starts_with(kNot) && inner.substr(kNot.size()).starts_with(kNot)) return std::nullopt;
  auto codes = parse_exit_codes(inner);
  if (!codes || (codes->all_but && codes->listed.empty())) return std::nullopt;
  codes->all_but = !codes->all_but;
  return codes;
}

std::string to_text(const ExitCodes& codes) {
  if (codes.all_but && codes.listed.empty()) return "any";
  return fmt::format("{}{}", codes.all_but ? kNot : "", fmt::join(codes.listed, ","));
}

std::string describe(const ExitCodes& codes) {
  if (codes.all_but && codes.listed.empty()) return "an exit code, and no signal";
  return fmt::format("{} {}", codes.all_but ? "an exit code other than" : "exit code",
                     fmt::join(codes.listed, " or "));
}

std::optional<ExitCodes> exit_codes_of(const JsonNode& node, const LoadContext& context) {
  if (node.kind == JsonNode::Kind::kArray) return list_of(node);
  if (node.kind == JsonNode::Kind::kString) {
    const auto text = context.filled(node);
    return text ? parse_exit_codes(*text) : std::nullopt;
  }
  const auto code = code_of(node);
  return code ? std::optional(ExitCodes{{*code}}) : std::nullopt;
}

std::optional<ExitCodes> read_exit_codes(const JsonNode& node, std::string_view what,
                                         LoadContext& context) {
  auto codes = exit_codes_of(node, context);
  if (codes) return codes;
  const bool is_text = node.kind == JsonNode::Kind::kString;
  if (is_text && !context.check_filled(node)) return std::nullopt;
  const bool is_list = node.kind == JsonNode::Kind::kArray && !node.items.empty();
  const auto is_wrong = [](const JsonNode& item) { return !code_of(item); };
  const auto& wrong = is_list ? *std::ranges::find_if(node.items, is_wrong) : node;
  const auto found = is_text ? fmt::format("'{}'", printable(*context.filled(node)))
                             : found_instead(wrong, JsonNode::Kind::kInteger);
  context.report(wrong,
                 fmt::format("{} must be an exit code (0 to {}), a list of them, or a text such as "
                             "\"nonzero\", but is {}",
                             what, kLargestExitCode, found),
                 std::string(kExitCodesHint));
  return std::nullopt;
}

}  // namespace dialtone
