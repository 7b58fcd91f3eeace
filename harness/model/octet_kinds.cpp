#include "harness/model/octet_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dialtone {
namespace {

const std::vector<std::string> kPayloadKeys{"text",   "hex",   "base64", "file", "repeat",
                                            "random", "param", "slice",  "frame"};
const std::vector<std::string> kMatcherKeys{"prefix", "contains", "until", "length",
                                            "regex",  "sequence", "frame"};

bool is_in(const std::vector<std::string>& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

/// The members of `object` that say what it is: a kind of payload or of matcher.
std::vector<const JsonNode::Member*> kinds_of(const JsonNode& object) {
  std::vector<const JsonNode::Member*> kinds;
  for (const auto& member : object.members) {
    if (is_in(kPayloadKeys, member.key) || is_in(kMatcherKeys, member.key))
      kinds.push_back(&member);
  }
  return kinds;
}

void report_none(const JsonNode& node, bool matchers_too, LoadContext& context) {
  const auto* first = node.members.empty() ? nullptr : &node.members.front();
  auto known = kPayloadKeys;
  for (const auto& key : kMatcherKeys) {
    if (matchers_too && !is_in(known, key)) known.push_back(key);
  }
  context.report(first == nullptr ? node.position : first->key_position,
                 matchers_too ? "this is neither a payload nor a matcher" : "this is no payload",
                 suggest(first == nullptr ? "" : first->key, known));
}

}  // namespace

const std::vector<std::string>& payload_keys() { return kPayloadKeys; }

bool is_payload_key(std::string_view key) { return is_in(kPayloadKeys, key); }

bool is_matcher_key(std::string_view key) { return is_in(kMatcherKeys, key); }

const JsonNode::Member* only_kind(const JsonNode& node, OctetKinds wanted, LoadContext& context) {
  const bool matchers_too = wanted == OctetKinds::kPayloadsOrMatchers;
  const auto kinds = kinds_of(node);
  if (kinds.empty()) {
    report_none(node, matchers_too, context);
    return nullptr;
  }
  if (kinds.size() == 1) return kinds.front();
  context.report(kinds[1]->key_position,
                 fmt::format("'{}' and '{}' exclude each other", kinds[0]->key, kinds[1]->key),
                 matchers_too && is_matcher_key(kinds[1]->key)
                     ? "write one 'expect' for each"
                     : R"(one after the other they are a list: [{"text": "a"}, {"hex": "0d 0a"}])");
  return nullptr;
}

}  // namespace dialtone
