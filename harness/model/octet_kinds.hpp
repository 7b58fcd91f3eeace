#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"

namespace dialtone {

/// What an object that stands for octets may be.
enum class OctetKinds {
  kPayloads,            ///< octets to send
  kPayloadsOrMatchers,  ///< octets that are expected, or what they must be like
};

/// The keys that make an object a payload: "text", "hex", ...
const std::vector<std::string>& payload_keys();

/// A "frame" is either: octets that are framed, or what a whole frame must be like.
bool is_payload_key(std::string_view key);
bool is_matcher_key(std::string_view key);

/// The one member that says what `node` is; reported, and nullptr, where there is none, or two.
const JsonNode::Member* only_kind(const JsonNode& node, OctetKinds kinds, LoadContext& context);

}  // namespace dialtone
