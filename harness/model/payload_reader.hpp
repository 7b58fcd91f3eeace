#pragma once

#include <cstddef>
#include <optional>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/matcher.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/scope.hpp"

namespace dialtone {

/// Of one payload, in octets: a scenario is read into memory whole.
constexpr std::size_t kLargestPayload = 64 << 20;

/// Reads what a scenario writes for octets and for what it expects of them. Mistakes are reported
/// to the context; what is returned then is empty and good enough to go on looking for others.
class PayloadReader {
 public:
  PayloadReader(Encoding encoding, const Scope& scope, LoadContext& context)
      : encoding_(encoding), scope_(&scope), context_(&context) {}

  /// Text with `${name}`: known variables are filled in, those of a running scenario stay, others
  /// are reported.
  Template text(const JsonNode& node);
  Payload payload(const JsonNode& node);
  Matcher matcher(const JsonNode& node);

 private:
  Payload encoded(const JsonNode& node, Encoding encoding);
  Payload object(const JsonNode& node);
  Payload digits(const JsonNode& node, std::string_view key);
  Payload file(const JsonNode& node);
  Payload repeated(const JsonNode& node);
  Payload random(const JsonNode& node);
  Payload listed(const JsonNode& node);
  Payload compared(const JsonNode& node);
  Payload echo(const JsonNode& node);
  Payload slice(const JsonNode& node);
  std::size_t cut(const JsonNode& node, std::string_view key, std::size_t size,
                  std::size_t fallback);
  const ParameterSpec* parameter(const JsonNode& node) const;
  Payload of_parameter(const ParameterSpec& spec, const JsonNode& node);
  const Bytes* constant(const Payload& payload, const JsonNode& node);
  Matcher regex(const JsonNode& node);
  Matcher length(const JsonNode& node);
  Matcher sequence(const JsonNode& node);
  const JsonNode::Member* only_kind(const JsonNode& node, bool matchers_too);
  Encoding encoding_of(const JsonNode& node);
  const JsonNode* value(const JsonNode& object, std::string_view key, JsonNode::Kind kind);

  Encoding encoding_;
  const Scope* scope_;
  LoadContext* context_;
};

/// The encoding that `node` names; reported, and nullopt, where there is none of that name.
std::optional<Encoding> read_encoding(const JsonNode& node, LoadContext& context);

}  // namespace dialtone
