#include "harness/model/matcher_reader.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "harness/model/capability.hpp"
#include "harness/model/octet_kinds.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr auto kBodyHint = R"({"frame": true, "body": "..."}: any matcher may be the body's)";

}  // namespace

Matcher MatcherReader::regex(const JsonNode& node) {
  context_->refuse_unknown_keys(node, {"regex", "as"}, "a 'regex' matcher");
  const auto* pattern = payloads_.value(node, "regex", JsonNode::Kind::kString);
  const auto* as = node.find("as");
  const bool as_bytes = as != nullptr && as->string == "bytes";
  if (as != nullptr && as->string != "bytes" && as->string != "text") {
    context_->report(*as, "'as' must be \"bytes\" or \"text\"");
  }
  if (pattern == nullptr) return ExactMatch{};
  re2::RE2::Options options(as_bytes ? re2::RE2::Latin1 : re2::RE2::DefaultOptions);
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto compiled = std::make_shared<const re2::RE2>(pattern->string, options);
  if (!compiled->ok()) {
    context_->report(*pattern, fmt::format("bad regex: {}", printable(compiled->error())),
                     "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax");
  } else if (re2::RE2::PartialMatch("", *compiled)) {
    context_->report(*pattern, "this regex matches the empty text, so it would always pass",
                     "make one of its parts obligatory: \"x+\", not \"x*\"");
  }
  return RegexMatch{pattern->string, std::move(compiled), as_bytes, encoding_};
}

Matcher MatcherReader::length(const JsonNode& node) {
  context_->refuse_unknown_keys(node, {"length"}, "a 'length' matcher");
  const auto* octets = payloads_.value(node, "length", JsonNode::Kind::kInteger);
  if (octets == nullptr) return ExactMatch{};
  if (octets->integer < 1)
    context_->report(*octets, "'length' must be at least 1: how many octets");
  return LengthMatch{static_cast<std::size_t>(octets->integer)};
}

Matcher MatcherReader::sequence(const JsonNode& node) {
  context_->refuse_unknown_keys(node, {"sequence"}, "a 'sequence' matcher");
  const auto* parts = payloads_.value(node, "sequence", JsonNode::Kind::kArray);
  auto list = std::make_shared<MatcherList>();
  if (parts == nullptr) return ExactMatch{};
  if (parts->items.empty())
    context_->report(*parts, "'sequence' is empty, so it would always pass");
  for (const auto& item : parts->items) {
    list->items.push_back(matcher(item));
    const auto* payload = payload_of(list->items.back());
    if (payload != nullptr) payloads_.constant(*payload, item);
  }
  return SequenceMatch{std::move(list)};
}

/// The profile's, where its frames can be awaited.
std::optional<Framing> MatcherReader::profiles_framing(const JsonNode& node) {
  const auto& framing = context_->framing();
  if (!framing)
    context_->exclude(node, std::string(kNoFraming), std::string(kNoFramingHint));
  else if (std::holds_alternative<OneShotFraming>(*framing))
    context_->exclude(node, std::string(kIsOneShot), "no octet says where such a frame ends");
  else
    return framing;
  return std::nullopt;
}

std::optional<Framing> MatcherReader::framing_of(const JsonNode& node) {
  if (node.kind == JsonNode::Kind::kBoolean && node.boolean) return profiles_framing(node);
  const bool is_object = node.kind == JsonNode::Kind::kObject;
  const bool is_body =
      is_object && !node.members.empty() && is_payload_key(node.members.front().key);
  if (is_body || (!is_object && node.kind != JsonNode::Kind::kString)) {
    context_->report(node, "'frame' must be true or a framing, with the body beside it", kBodyHint);
    return std::nullopt;
  }
  auto framing = payloads_.framing(node);
  if (framing && std::holds_alternative<OneShotFraming>(*framing))
    context_->report(node,
                     "'oneshot': no octet says where such a frame ends, so that it could be "
                     "awaited");
  return framing;
}

void MatcherReader::check_framable(const JsonNode& node, const FrameMatch& frame) {
  const auto* exact = std::get_if<ExactMatch>(&frame.body->items.front());
  const auto* octets = exact == nullptr ? nullptr : exact->payload.constant();
  if (octets == nullptr) return;
  const auto framed = frame_of(frame.framing, *octets);
  const auto* problem = std::get_if<FrameError>(&framed);
  if (problem == nullptr) return;
  if (node.find("frame")->kind == JsonNode::Kind::kBoolean) {
    context_->exclude(node, describe_unframable(problem->reason));
  } else {
    context_->report(node, describe_unframable(problem->reason));
  }
}

Matcher MatcherReader::frame(const JsonNode& node) {
  const auto before = context_->mistakes();
  context_->refuse_unknown_keys(node, {"frame", "body"}, "a 'frame' matcher");
  const auto framing = framing_of(*node.find("frame"));
  FrameMatch frame{framing.value_or(UntilEofFraming{})};
  if (const auto* body = node.find("body")) {
    const auto outer = std::exchange(in_frame_, true);
    frame.body = std::make_shared<const MatcherList>(MatcherList{{matcher(*body)}});
    in_frame_ = outer;
    if (framing && context_->mistakes() == before) check_framable(node, frame);
  }
  return frame;
}

/// A payload to compare with. Without octets it would match whatever comes.
Payload MatcherReader::compared(const JsonNode& node) {
  const auto before = context_->mistakes();
  auto octets = payloads_.payload(node);
  const auto* constant = octets.constant();
  if (constant != nullptr && constant->empty() && !in_frame_ && context_->mistakes() == before) {
    context_->report(node, "nothing is expected here, so it would always pass",
                     "\"expect_silence\" and \"expect_eof\" say that nothing comes");
  }
  return octets;
}

Matcher MatcherReader::matcher(const JsonNode& node) {
  if (const auto* spec = payloads_.parameter(node)) {
    const auto found = context_->parameters().matchers.find(spec->name);
    if (found != context_->parameters().matchers.end()) return found->second;
    if (spec->optional) return ExactMatch{};
  }
  if (node.kind != JsonNode::Kind::kObject) return ExactMatch{compared(node)};
  const auto* kind = only_kind(node, OctetKinds::kPayloadsOrMatchers, *context_);
  if (kind == nullptr) return ExactMatch{};
  const auto& key = kind->key;
  if (!is_matcher_key(key)) return ExactMatch{compared(node)};
  if (key == "regex") return regex(node);
  if (key == "length") return length(node);
  if (key == "sequence") return sequence(node);
  if (key == "frame") return frame(node);
  context_->refuse_unknown_keys(node, {key}, fmt::format("a '{}' matcher", key));
  auto octets = compared(kind->value);
  if (key == "prefix") return PrefixMatch{std::move(octets)};
  if (key == "contains") return ContainsMatch{std::move(octets)};
  return UntilMatch{std::move(octets)};
}

}  // namespace dialtone
