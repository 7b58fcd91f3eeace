#include "harness/model/frame_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/model/plural.hpp"

namespace dialtone {
namespace {

const Matcher* body_matcher(const FrameMatch& frame) {
  return frame.body == nullptr ? nullptr : &frame.body->items.front();
}

Expectation of_body(const Expectation& expectation, const Matcher& body) {
  return {&body, expectation.octets, expectation.encoding, expectation.ended};
}

/// The place in the frame of an octet of its body.
std::size_t place_in_frame(const Framing& framing, std::size_t offset) {
  const auto* by = std::get_if<LengthPrefixFraming>(&framing);
  return by == nullptr || offset < by->offset ? offset : offset + by->octets;
}

/// What is wrong with a body that is known as far as `body`, or all of it where `whole`; nullopt:
/// nothing, so far.
std::optional<std::size_t> wrong_at(const Matcher& matcher, const MatchResult& result,
                                    ByteView body, bool whole) {
  if (const auto* wrong = std::get_if<Mismatch>(&result)) return wrong->offset;
  if (const auto* matched = std::get_if<Matched>(&result)) {
    const bool too_much = takes_all(matcher) && matched->consumed < body.size();
    return too_much ? std::optional(matched->consumed) : std::nullopt;
  }
  return whole ? std::optional(body.size()) : std::nullopt;
}

/// The frame's size, as soon as it is known.
std::optional<std::size_t> size_of(const FrontFrame& front) {
  if (const auto* whole = std::get_if<WholeFrame>(&front)) return whole->size;
  const auto* partial = std::get_if<PartialFrame>(&front);
  return partial == nullptr ? std::nullopt : partial->size;
}

/// Where the length alone rules the body out.
std::optional<Mismatch> wrong_length(const FrameMatch& frame, const FrontFrame& front) {
  const auto* matcher = body_matcher(frame);
  const auto* length = matcher == nullptr ? nullptr : std::get_if<LengthMatch>(matcher);
  const auto* by = std::get_if<LengthPrefixFraming>(&frame.framing);
  const auto size = size_of(front);
  if (length == nullptr || by == nullptr || !size || *size == length->octets + by->octets)
    return std::nullopt;
  return Mismatch{by->offset, fmt::format("a frame of {} is announced", plural(*size, "octet"))};
}

MatchResult judge_body(const Expectation& expectation, const FrameMatch& frame, const Bytes& body,
                       std::optional<std::size_t> size) {
  Matched whole{size.value_or(0), body};
  if (const auto* matcher = body_matcher(frame)) {
    auto inner = of_body(expectation, *matcher);
    if (size) inner.ended = true;
    inner.body = size ? BodyPart::kWhole : BodyPart::kBegun;
    auto result = match(inner, body);
    if (const auto wrong = wrong_at(*matcher, result, body, size.has_value()))
      return Mismatch{place_in_frame(frame.framing, *wrong)};
    if (auto* matched = std::get_if<Matched>(&result))
      whole.captured = std::move(matched->captured);
  }
  if (!size) return NeedMore{};
  return whole;
}

/// All of it is known, its length too: the first wrong octet shows.
MatchResult match_octets(const Expectation& expectation, ByteView frame, ByteView received) {
  const auto common = std::min(frame.size(), received.size());
  const auto from = std::min(expectation.seen, common);
  const auto wrong =
      first_difference(frame.substr(from, common - from), received.substr(from, common - from));
  if (wrong) return Mismatch{from + *wrong};
  if (received.size() < frame.size()) return NeedMore{};
  return Matched{frame.size(), Bytes(expectation.octets)};
}

bool ends_with_the_stream(const Framing& framing) {
  return std::holds_alternative<UntilEofFraming>(framing) ||
         std::holds_alternative<OneShotFraming>(framing);
}

}  // namespace

Bytes expected_frame(const Expectation& expectation, const FrameMatch& frame) {
  const auto* matcher = body_matcher(frame);
  if (matcher == nullptr || !std::holds_alternative<ExactMatch>(*matcher)) return {};
  auto octets = frame_of(frame.framing, expectation.octets);
  auto* whole = std::get_if<Bytes>(&octets);
  return whole == nullptr ? Bytes() : std::move(*whole);
}

MatchResult match_frame(const Expectation& expectation, const FrameMatch& frame,
                        ByteView received) {
  const auto expected = expected_frame(expectation, frame);
  if (!expected.empty() && !ends_with_the_stream(frame.framing))
    return match_octets(expectation, expected, received);
  const auto front = front_frame(frame.framing, received, expectation.ended);
  if (const auto* error = std::get_if<FrameError>(&front))
    return Mismatch{error->offset, "this is no frame: " + error->reason};
  if (const auto wrong = wrong_length(frame, front)) return *wrong;
  if (const auto* whole = std::get_if<WholeFrame>(&front))
    return judge_body(expectation, frame, body_of(frame.framing, received.substr(0, whole->size)),
                      whole->size);
  if (body_matcher(frame) == nullptr) return NeedMore{};
  return judge_body(expectation, frame, partial_body_of(frame.framing, received), std::nullopt);
}

std::string describe_frame(const Expectation& expectation, const FrameMatch& frame,
                           ByteView received) {
  auto text = "a frame that " + describe(frame.framing);
  const auto known = expected_frame(expectation, frame);
  auto size = size_of(front_frame(frame.framing, received, expectation.ended));
  if (!known.empty()) size = known.size();
  if (size) text = fmt::format("a frame of {}", plural(*size, "octet"));
  const auto* matcher = body_matcher(frame);
  if (matcher == nullptr) return text;
  return fmt::format("{}, with {}", text, describe(of_body(expectation, *matcher)));
}

}  // namespace dialtone
