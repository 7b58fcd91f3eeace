#include "harness/model/parameter_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>

#include "harness/model/duration.hpp"
#include "harness/model/overloaded.hpp"
#include "harness/model/plural.hpp"

namespace dialtone {
namespace {

std::optional<std::size_t> size_of(const Payload& payload) {
  const auto* octets = payload.constant();
  return octets == nullptr ? std::nullopt : std::optional(octets->size());
}

/// Octets of all that it matches; nullopt where that is open.
std::optional<std::size_t> size_of(const Matcher& matcher);

std::optional<std::size_t> size_of(const MatcherList& parts) {
  std::size_t all = 0;
  for (const auto& part : parts.items) {
    const auto size = size_of(part);
    if (!size) return std::nullopt;
    all += *size;
  }
  return all;
}

std::optional<std::size_t> size_of(const Matcher& matcher) {
  using Size = std::optional<std::size_t>;
  return std::visit(
      Overloaded{[](const ExactMatch& exact) { return size_of(exact.payload); },
                 [](const LengthMatch& length) -> Size { return length.octets; },
                 [](const SequenceMatch& sequence) { return size_of(*sequence.parts); },
                 // Of its body: what surrounds that is no reply's size.
                 [](const FrameMatch& frame) -> Size {
                   return frame.body == nullptr ? std::nullopt : size_of(*frame.body);
                 },
                 [](const auto&) -> Size { return std::nullopt; }},
      matcher);
}

/// Whether both are the same octets, or the same demand on them.
bool alike(const Payload& a, const Payload& b) {
  const auto* left = a.constant();
  const auto* right = b.constant();
  return left != nullptr && right != nullptr && *left == *right;
}

bool alike(const Matcher& a, const Matcher& b);

bool alike(const MatcherList* a, const MatcherList* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return std::ranges::equal(a->items, b->items,
                            [](const auto& left, const auto& right) { return alike(left, right); });
}

bool alike(const Matcher& a, const Matcher& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      Overloaded{
          [&](const LengthMatch& left) { return left.octets == std::get<LengthMatch>(b).octets; },
          [&](const RegexMatch& left) { return left.pattern == std::get<RegexMatch>(b).pattern; },
          [&](const SequenceMatch& left) {
            return alike(left.parts.get(), std::get<SequenceMatch>(b).parts.get());
          },
          [&](const FrameMatch& left) {
            return alike(left.body.get(), std::get<FrameMatch>(b).body.get());
          },
          [&]<class Compared>(const Compared& left) {
            return alike(left.payload, std::get<Compared>(b).payload);
          }},
      a);
}

std::optional<std::size_t> size_of(const Parameters& parameters, std::string_view name) {
  if (const auto found = parameters.payloads.find(name); found != parameters.payloads.end())
    return size_of(found->second);
  const auto found = parameters.matchers.find(name);
  return found == parameters.matchers.end() ? std::nullopt : size_of(found->second);
}

bool alike(const Parameters& parameters, std::string_view name, std::string_view other) {
  const auto both = [&](const auto& values) {
    const auto a = values.find(name);
    const auto b = values.find(other);
    return a != values.end() && b != values.end() && alike(a->second, b->second);
  };
  return both(parameters.payloads) || both(parameters.matchers);
}

std::optional<Duration> duration_of(const Parameters& parameters, std::string_view name) {
  const auto given = parameters.scalars.find(name);
  if (given != parameters.scalars.end()) return parse_duration(given->second);
  return parse_duration(find_parameter(name)->fallback);
}

constexpr std::array kLimits{"idle_limit", "slow_limit"};

/// Silence is watched on connections that must then still be there.
void check_quiet(const JsonNode& node, const Parameters& parameters, LoadContext& context) {
  const auto quiet = duration_of(parameters, "quiet");
  for (const auto* limit : kLimits) {
    const auto* given = node.find(limit);
    const auto most = given == nullptr ? std::nullopt : duration_of(parameters, limit);
    if (!quiet || !most || *quiet < *most) continue;
    const auto* own = node.find("quiet");
    context.report(own == nullptr ? *given : *own,
                   fmt::format("'quiet' is {}, but must be shorter than '{}', which is {}",
                               format_duration(*quiet), limit, format_duration(*most)),
                   "silence is watched for so long on connections that must still be open then");
  }
}

void check_timeout(const JsonNode& node, const Parameters& parameters, LoadContext& context) {
  const auto* given = node.find("step_timeout");
  const auto most = given == nullptr ? std::nullopt : duration_of(parameters, "step_timeout");
  const auto reply = duration_of(parameters, "reply_within");
  if (!most || !reply || *most >= *reply) return;
  context.report(*given,
                 fmt::format("'step_timeout' is {}, but a reply may take {} ('reply_within')",
                             format_duration(*most), format_duration(*reply)),
                 "a longer one, or none");
}

}  // namespace

void check_parameters(const JsonNode& node, const Parameters& parameters, LoadContext& context) {
  for (const auto& member : node.members) {
    const auto* spec = find_parameter(member.key);
    if (spec == nullptr) continue;
    const auto size = size_of(parameters, spec->name);
    if (size && *size < spec->at_least)
      context.report(member.value,
                     fmt::format("'{}' has {}, but {} are needed at least", spec->name,
                                 plural(*size, "octet"), spec->at_least),
                     std::string(spec->too_small));
    if (!spec->unlike.empty() && alike(parameters, spec->name, spec->unlike))
      context.report(member.value,
                     fmt::format("'{}' is the same as '{}'", spec->name, spec->unlike),
                     "the two must differ: else a reply that went to another client, or came in "
                     "another order, would not be seen");
  }
  check_quiet(node, parameters, context);
  check_timeout(node, parameters, context);
}

void add_remote_fallbacks(Parameters& parameters, const Variables& variables) {
  for (const auto& spec : parameter_specs()) {
    if (spec.remote_fallback.empty()) continue;
    const auto length = parse_duration(spec.remote_fallback);
    const auto passes_meanwhile = [&](const char* limit) {
      const auto written = variables.find(limit);
      const auto most = written == variables.end() ? duration_of(parameters, limit)
                                                   : parse_duration(written->second);
      return most && length && *most <= *length;
    };
    if (std::ranges::none_of(kLimits, passes_meanwhile))
      parameters.scalars.try_emplace(std::string(spec.name), spec.remote_fallback);
  }
}

}  // namespace dialtone
