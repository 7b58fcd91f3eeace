#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/scope.hpp"

namespace dialtone {

/// Of one payload, in octets: a scenario is read into memory whole.
constexpr std::size_t kLargestPayload = 64 << 20;

/// Reads what a scenario or a profile writes for octets. Mistakes are reported to the context; what
/// is returned then is empty and good enough to go on looking for others.
class PayloadReader {
 public:
  PayloadReader(Encoding encoding, const Scope& scope, LoadContext& context)
      : encoding_(encoding), scope_(&scope), context_(&context) {}

  /// Text with `${name}`: known variables are filled in, those of a running scenario stay, others
  /// are reported.
  Template text(const JsonNode& node);
  Payload payload(const JsonNode& node);
  std::optional<Framing> framing(const JsonNode& node);

  /// The parameter that the whole text names; nullptr where a variable of the suite has that name.
  const ParameterSpec* parameter(const JsonNode& node) const;
  /// nullptr, and a report, where the octets depend on the run.
  const Bytes* constant(const Payload& payload, const JsonNode& node);
  /// The member `key` of this kind; reported, and nullptr, where there is none.
  const JsonNode* value(const JsonNode& object, std::string_view key, JsonNode::Kind kind);

 private:
  Payload encoded(const JsonNode& node, Encoding encoding);
  Payload object(const JsonNode& node);
  Payload digits(const JsonNode& node, std::string_view key);
  Payload file(const JsonNode& node);
  Payload repeated(const JsonNode& node);
  Payload random(const JsonNode& node);
  Payload listed(const JsonNode& node);
  Payload echo(const JsonNode& node);
  Payload slice(const JsonNode& node);
  Payload framed(const JsonNode& node);
  std::size_t cut(const JsonNode& node, std::string_view key, std::size_t size,
                  std::size_t fallback);
  Payload of_parameter(const ParameterSpec& spec, const JsonNode& node);
  Encoding encoding_of(const JsonNode& node);

  Encoding encoding_;
  const Scope* scope_;
  LoadContext* context_;
};

/// "the framing cannot carry this: ..."
std::string describe_unframable(std::string_view reason);

/// What lacks where a frame is asked for and the profile has no framing.
constexpr std::string_view kNoFraming = "the profile gives no 'framing'";
constexpr std::string_view kNoFramingHint = R"(the profile's "framing": "line", or one given here)";

/// The encoding that `node` names; reported, and nullopt, where there is none of that name.
std::optional<Encoding> read_encoding(const JsonNode& node, LoadContext& context);

}  // namespace dialtone
