#include "harness/model/parameter_reader.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>

#include "harness/model/duration.hpp"
#include "harness/model/exit_codes.hpp"
#include "harness/model/matcher_reader.hpp"
#include "harness/model/parameter_check.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scope.hpp"
#include "harness/model/signal_name.hpp"
#include "harness/model/step_spec.hpp"

namespace dialtone {
namespace {

class ParameterReader {
 public:
  ParameterReader(Encoding encoding, LoadContext& context)
      : encoding_(encoding), context_(context) {}

  void read(const ParameterSpec& spec, const JsonNode& node) {
    switch (spec.type) {
      case ParameterType::kPayload: payload(spec, node, {}); return;
      case ParameterType::kEcho: echo(spec, node); return;
      case ParameterType::kClientPayload: payload(spec, node, {"host", "port"}); return;
      case ParameterType::kMatcher: matcher(spec, node); return;
      case ParameterType::kDuration: duration(spec, node); return;
      case ParameterType::kInteger: integer(spec, node); return;
      case ParameterType::kSignal: signal(spec, node); return;
      case ParameterType::kExitCodes: exit_codes(spec, node); return;
    }
  }

  Parameters take() { return std::move(parameters_); }

 private:
  Scope scope_with(std::initializer_list<const char*> names) const {
    Scope scope;
    for (const auto* name : names) scope.define_variable(name);
    return scope;
  }

  void payload(const ParameterSpec& spec, const JsonNode& node,
               std::initializer_list<const char*> names) {
    const auto scope = scope_with(names);
    const auto before = context_.mistakes();
    auto octets = PayloadReader(encoding_, scope, context_).payload(node);
    const auto* constant = octets.constant();
    // A client may be told everything in its command line.
    const bool may_be_empty = spec.type == ParameterType::kClientPayload;
    if (!may_be_empty && constant != nullptr && constant->empty() && context_.mistakes() == before)
      context_.report(node, fmt::format("'{}' is empty", spec.name), "leave it out");
    parameters_.payloads.emplace(spec.name, std::move(octets));
  }

  void echo(const ParameterSpec& spec, const JsonNode& node) {
    const auto before = context_.mistakes();
    payload(spec, node, {"data", "length"});
    if (context_.mistakes() != before) return;
    const Bytes probe = "\x01\x02";
    const auto filled = parameters_.payloads.find(spec.name)->second.with_data(probe);
    Variables known;  // what only a run knows
    for (auto& name : Scope().variables()) known.emplace(std::move(name), "1");
    const auto result = filled.bytes(known);
    const auto* octets = std::get_if<Bytes>(&result);
    if (octets == nullptr || octets->find(probe) == Bytes::npos)
      context_.report(node, fmt::format("'{}' has no '${{data}}' in it", spec.name),
                      "it stands for the octets that are carried");
  }

  void matcher(const ParameterSpec& spec, const JsonNode& node) {
    const Scope scope;
    parameters_.matchers.emplace(spec.name,
                                 MatcherReader(encoding_, scope, context_).matcher(node));
  }

  void duration(const ParameterSpec& spec, const JsonNode& node) {
    if (read_duration(node, fmt::format("'{}'", spec.name), context_))
      parameters_.scalars.emplace(spec.name, *context_.filled(node));
  }

  void integer(const ParameterSpec& spec, const JsonNode& node) {
    if (!context_.expect_kind(node, JsonNode::Kind::kInteger, fmt::format("'{}'", spec.name)))
      return;
    if (node.integer < 1 || node.integer > kLargestParameter)
      context_.report(node,
                      fmt::format("'{}' must be between 1 and {}", spec.name, kLargestParameter));
    parameters_.scalars.emplace(spec.name, std::to_string(node.integer));
  }

  void signal(const ParameterSpec& spec, const JsonNode& node) {
    if (!context_.expect_kind(node, JsonNode::Kind::kString, fmt::format("'{}'", spec.name)))
      return;
    if (!find_signal(node.string))
      context_.report(node, fmt::format("unknown signal '{}'", printable(node.string)),
                      "by its name, such as \"SIGTERM\" or \"SIGQUIT\"");
    parameters_.scalars.emplace(spec.name, node.string);
  }

  void exit_codes(const ParameterSpec& spec, const JsonNode& node) {
    const auto codes = read_exit_codes(node, fmt::format("'{}'", spec.name), context_);
    if (codes) parameters_.scalars.emplace(spec.name, to_text(*codes));
  }

  Encoding encoding_;
  LoadContext& context_;
  Parameters parameters_;
};

}  // namespace

void add_fallbacks(Variables& known) {
  for (const auto& spec : parameter_specs()) {
    const auto text = std::get<Template>(Template::parse(spec.fallback)).with(known).constant();
    if (!spec.fallback.empty() && text) known.try_emplace(std::string(spec.name), *text);
  }
}

Parameters read_parameters(const JsonNode* node, Encoding encoding, LoadContext& context) {
  ParameterReader reader(encoding, context);
  if (node == nullptr || !context.expect_kind(*node, JsonNode::Kind::kObject, "'parameters'"))
    return {};
  const auto before = context.mistakes();
  context.refuse_unknown_keys(*node, parameter_names(), "'parameters'");
  for (const auto& member : node->members) {
    if (const auto* spec = find_parameter(member.key)) reader.read(*spec, member.value);
  }
  auto parameters = reader.take();
  if (context.mistakes() == before) check_parameters(*node, parameters, context);
  return parameters;
}

}  // namespace dialtone
