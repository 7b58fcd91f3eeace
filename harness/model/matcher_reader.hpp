#pragma once

#include <optional>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/matcher.hpp"
#include "harness/model/payload_reader.hpp"
#include "harness/model/scope.hpp"

namespace dialtone {

/// Reads what a scenario or a profile expects of octets: a payload, or a matcher. Mistakes are
/// reported to the context; what is returned then is empty and good enough to go on looking for
/// others.
class MatcherReader {
 public:
  MatcherReader(Encoding encoding, const Scope& scope, LoadContext& context)
      : encoding_(encoding), payloads_(encoding, scope, context), context_(&context) {}

  Matcher matcher(const JsonNode& node);

 private:
  Payload compared(const JsonNode& node);
  Matcher regex(const JsonNode& node);
  Matcher length(const JsonNode& node);
  Matcher sequence(const JsonNode& node);
  Matcher frame(const JsonNode& node);
  std::optional<Framing> framing_of(const JsonNode& node);
  std::optional<Framing> profiles_framing(const JsonNode& node);
  void check_framable(const JsonNode& node, const FrameMatch& frame);

  Encoding encoding_;
  PayloadReader payloads_;
  LoadContext* context_;
  bool in_frame_ = false;  // where nothing may be expected: an empty body
};

}  // namespace dialtone
