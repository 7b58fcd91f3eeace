#include "harness/model/known_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include "harness/model/printable.hpp"
#include "harness/model/profile_keys.hpp"
#include "harness/model/scenario.hpp"

namespace dialtone {
namespace {

KnownFailure read_one(const std::string& id, const JsonNode& node, LoadContext& context) {
  KnownFailure known;
  known.where = context.at(node);
  const auto what = fmt::format("known failure '{}'", printable(id));
  if (node.kind == JsonNode::Kind::kString) {
    known.reason = node.string;
  } else if (context.expect_kind(node, JsonNode::Kind::kObject, what)) {
    check_profile_keys(node, known_failure_keys(), "a known failure", context);
    if (const auto* reason = node.find("reason")) known.reason = reason->string;
    const auto* until = node.find("until");
    if (until != nullptr) known.until = until->string;
    if (until != nullptr && !is_date(until->string))
      context.report(*until, "'until' must be a day", "such as \"2027-01-31\"; it counts itself");
  } else {
    return known;
  }
  if (known.reason.empty())
    context.report(node, fmt::format("{} has no reason", what),
                   "why it is let pass, such as \"ticket 431: large replies are cut\"");
  return known;
}

}  // namespace

bool is_date(const std::string& text) {
  constexpr std::string_view shape = "0000-00-00";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
  }
  const std::chrono::year_month_day day{
      std::chrono::year(std::stoi(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(std::stoi(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(std::stoi(text.substr(8, 2))))};
  return day.ok();
}

void apply_known_failures(ScenarioResult& result, const std::map<std::string, KnownFailure>& known,
                          const std::string& today) {
  const auto found = known.find(result.scenario->id);
  if (found == known.end()) return;
  const auto& [reason, until, where] = found->second;
  switch (result.verdict) {
    case Verdict::kPass:
      result.verdict = Verdict::kFail;
      result.problem = {
          .type = std::string(kKnownFailurePassed),
          .message = fmt::format("it passed, but the profile says that it fails: {}", reason),
          .expected = "a failure",
          .actual = "a pass: take it out of 'known_failures'",
          .bytes = {}};
      result.where = where;
      return;
    case Verdict::kFail:
    case Verdict::kWarn:
      if (!holds_on(found->second, today)) {
        result.problem.message += fmt::format("; known until {}: {}", until, reason);
        return;
      }
      result.verdict = Verdict::kKnown;
      result.known_reason = reason;
      return;
    case Verdict::kError:  // the harness could not judge: that is no known failure
    case Verdict::kKnown:
    case Verdict::kSkip: return;
  }
}

bool holds_on(const KnownFailure& known, const std::string& today) {
  return known.until.empty() || today <= known.until;
}

std::map<std::string, KnownFailure> read_known_failures(const JsonNode* node,
                                                        LoadContext& context) {
  std::map<std::string, KnownFailure> all;
  if (node == nullptr || !context.expect_kind(*node, JsonNode::Kind::kObject, "'known_failures'"))
    return all;
  for (const auto& member : node->members)
    all.emplace(member.key, read_one(member.key, member.value, context));
  return all;
}

}  // namespace dialtone
