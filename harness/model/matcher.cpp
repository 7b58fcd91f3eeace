#include "harness/model/matcher.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "harness/model/frame_match.hpp"
#include "harness/model/overloaded.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

Matched consume(ByteView received, std::size_t octets) {
  return {octets, std::string(received.substr(0, octets))};
}

MatchResult match_front(ByteView expected, ByteView received, std::size_t seen) {
  const auto common = std::min(expected.size(), received.size());
  const auto from = std::min(seen, common);
  const auto wrong =
      first_difference(expected.substr(from, common - from), received.substr(from, common - from));
  if (wrong) return Mismatch{from + *wrong};
  if (received.size() < expected.size()) return NeedMore{};
  return consume(received, expected.size());
}

MatchResult match_inside(ByteView expected, ByteView received, std::size_t seen) {
  // What was sought may have begun at the end of what was seen.
  const auto at = received.find(expected, seen - std::min(seen, expected.size()));
  if (at == ByteView::npos) return NeedMore{};
  return consume(received, at + expected.size());
}

bool exists(const re2::RE2& regex, std::string_view text) {
  return regex.Match(text, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

/// Whether the pattern asks what comes behind a place (`$`, `\z`, `\b`, `\B`): what matches then
/// need not match any more when more has come. May say true of a `$` that stands for itself in a
/// class.
bool looks_ahead(std::string_view pattern) {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '$') return true;
    if (pattern[at] != '\\' || ++at == pattern.size()) continue;
    if (std::string_view("zbB").find(pattern[at]) != std::string_view::npos) return true;
  }
  return false;
}

/// Where a stream that is `text` so far may have been cut: behind whole characters.
class Cuts {
 public:
  Cuts(std::string_view text, bool as_bytes) {
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (as_bytes || at == text.size() || !is_utf8_continuation(text[at])) cuts_.push_back(at);
    }
  }

  std::optional<std::size_t> first_with_match(const RegexMatch& regex,
                                              std::string_view text) const {
    const auto no_match = [&](std::size_t cut) {
      return !exists(*regex.compiled, text.substr(0, cut));
    };
    // One that looks ahead can match here and no longer match there: each cut is tried.
    const auto found = looks_ahead(regex.pattern) ? std::ranges::find_if_not(cuts_, no_match)
                                                  : std::ranges::partition_point(cuts_, no_match);
    return found == cuts_.end() ? std::nullopt : std::optional(*found);
  }

 private:
  std::vector<std::size_t> cuts_;
};

/// Length of the shortest beginning of `text` that holds a match: what a match is judged on, so
/// that it does not matter how much arrived at once.
std::optional<std::size_t> shortest_match(const RegexMatch& regex, std::string_view text) {
  const bool lasting = !looks_ahead(regex.pattern);
  if (lasting && !exists(*regex.compiled, text)) return std::nullopt;
  return Cuts(text, regex.as_bytes).first_with_match(regex, text);
}

/// Octets at the front of `received` that its first `text_octets` of decoded text came from.
std::size_t encoded_length(Encoding encoding, ByteView received, std::size_t text_octets) {
  Decoder decoder(encoding);
  std::size_t octets = 0;
  for (std::size_t decoded = 0; decoded < text_octets; ++octets) {
    decoded += decoder.feed(received.substr(octets, 1)).text.size();
  }
  return octets;
}

/// What the match within `text`, which is known to hold one, captures and up to where it reaches.
Matched take_match(const re2::RE2& regex, std::string_view text) {
  std::array<re2::StringPiece, 2> groups;
  const int wanted = std::min(regex.NumberOfCapturingGroups(), 1) + 1;
  regex.Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), wanted);
  const auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
  return {end, std::string(wanted == 2 ? groups[1] : groups[0])};
}

MatchResult match_octets(const RegexMatch& regex, ByteView received) {
  const auto length = shortest_match(regex, received);
  if (!length) return NeedMore{};
  return take_match(*regex.compiled, received.substr(0, *length));
}

MatchResult match_text(const RegexMatch& regex, Encoding encoding, ByteView received) {
  const auto decoded = decode(encoding, received);
  const auto length = shortest_match(regex, decoded.text);
  if (!length && decoded.end == Decoded::End::kIllegal) return Mismatch{decoded.offset};
  if (!length) return NeedMore{};
  auto matched = take_match(*regex.compiled, std::string_view(decoded.text).substr(0, *length));
  matched.consumed = encoded_length(encoding, received, matched.consumed);
  return matched;
}

/// Of a body no octet of which is missing.
MatchResult match_whole(const RegexMatch& regex, Encoding encoding, ByteView body) {
  const auto text = regex.as_bytes ? Bytes(body) : decode(encoding, body).text;
  if (!exists(*regex.compiled, text)) return NeedMore{};
  auto matched = take_match(*regex.compiled, text);
  if (!regex.as_bytes) matched.consumed = encoded_length(encoding, body, matched.consumed);
  return matched;
}

MatchResult match_regex(const Expectation& expectation, const RegexMatch& regex,
                        ByteView received) {
  const auto encoding = regex.encoding.value_or(expectation.encoding);
  if (!regex.as_bytes && expectation.body != BodyPart::kNone) {
    const auto decoded = decode(encoding, received);
    const bool may_go_on =
        expectation.body == BodyPart::kBegun && decoded.end == Decoded::End::kIncomplete;
    if (decoded.end != Decoded::End::kComplete && !may_go_on) return Mismatch{decoded.offset};
  }
  switch (expectation.body) {
    case BodyPart::kBegun: return NeedMore{};
    case BodyPart::kWhole: return match_whole(regex, encoding, received);
    case BodyPart::kNone: break;
  }
  return regex.as_bytes ? match_octets(regex, received) : match_text(regex, encoding, received);
}

Expectation part_of(const Expectation& expectation, const Matcher& part) {
  const auto* payload = payload_of(part);
  const auto* octets = payload == nullptr ? nullptr : payload->constant();
  return {&part, octets == nullptr ? ByteView() : ByteView(*octets), expectation.encoding,
          expectation.ended};
}

MatchResult match_sequence(const Expectation& expectation, const SequenceMatch& sequence,
                           ByteView received) {
  Matched whole{0, {}};
  for (const auto& part : sequence.parts->items) {
    auto rest = part_of(expectation, part);
    // Of what an earlier call has seen, the last part alone is known to have needed more.
    if (&part == &sequence.parts->items.back()) {
      rest.seen = expectation.seen - std::min(expectation.seen, whole.consumed);
      rest.body = expectation.body;
    }
    auto result = match(rest, received.substr(whole.consumed));
    if (auto* matched = std::get_if<Matched>(&result)) {
      whole.consumed += matched->consumed;
      whole.captured = std::move(matched->captured);
      continue;
    }
    if (auto* wrong = std::get_if<Mismatch>(&result)) wrong->offset += whole.consumed;
    return result;
  }
  return whole;
}

}  // namespace

MatchResult match(const Expectation& expectation, ByteView received) {
  const auto& octets = expectation.octets;
  return std::visit(
      Overloaded{
          [&](const ExactMatch&) { return match_front(octets, received, expectation.seen); },
          [&](const PrefixMatch&) { return match_front(octets, received, expectation.seen); },
          [&](const ContainsMatch&) { return match_inside(octets, received, expectation.seen); },
          [&](const UntilMatch&) {
            auto result = match_inside(octets, received, expectation.seen);
            if (auto* matched = std::get_if<Matched>(&result)) {
              matched->captured.resize(matched->consumed - octets.size());
            }
            return result;
          },
          [&](const SequenceMatch& sequence) {
            return match_sequence(expectation, sequence, received);
          },
          [&](const FrameMatch& frame) { return match_frame(expectation, frame, received); },
          [&](const LengthMatch& length) -> MatchResult {
            if (received.size() < length.octets) return NeedMore{};
            return consume(received, length.octets);
          },
          [&](const RegexMatch& regex) { return match_regex(expectation, regex, received); },
      },
      *expectation.matcher);
}

std::string describe(const Expectation& expectation, ByteView received) {
  const auto size = expectation.octets.size();
  return std::visit(
      Overloaded{
          [&](const ExactMatch&) { return fmt::format("exactly {}", plural(size, "octet")); },
          [&](const PrefixMatch&) {
            return fmt::format("octets that begin with {} given ones", size);
          },
          [&](const ContainsMatch&) {
            return fmt::format("octets that contain {} given ones", size);
          },
          [&](const UntilMatch&) { return fmt::format("octets up to {} given ones", size); },
          [&](const LengthMatch& length) { return plural(length.octets, "octet"); },
          [&](const SequenceMatch& sequence) {
            std::string all;
            for (const auto& part : sequence.parts->items)
              all += (all.empty() ? "" : ", then ") + describe(part_of(expectation, part));
            return all;
          },
          [&](const FrameMatch& frame) { return describe_frame(expectation, frame, received); },
          [&](const RegexMatch& regex) {
            return fmt::format("{} /{}/",
                               regex.as_bytes ? "octets that match" : "text that matches",
                               printable(regex.pattern));
          },
      },
      *expectation.matcher);
}

Bytes known_octets(const Expectation& expectation) {
  if (const auto* frame = std::get_if<FrameMatch>(expectation.matcher))
    return expected_frame(expectation, *frame);
  return Bytes(expectation.octets);
}

bool takes_all(const Matcher& matcher) {
  return std::holds_alternative<ExactMatch>(matcher) ||
         std::holds_alternative<LengthMatch>(matcher) ||
         std::holds_alternative<SequenceMatch>(matcher) ||
         std::holds_alternative<FrameMatch>(matcher);
}

const Payload* payload_of(const Matcher& matcher) {
  return std::visit(Overloaded{
                        [](const ExactMatch& exact) { return &exact.payload; },
                        [](const PrefixMatch& prefix) { return &prefix.payload; },
                        [](const ContainsMatch& contains) { return &contains.payload; },
                        [](const UntilMatch& until) { return &until.payload; },
                        [](const LengthMatch&) -> const Payload* { return nullptr; },
                        [](const SequenceMatch&) -> const Payload* { return nullptr; },
                        [](const RegexMatch&) -> const Payload* { return nullptr; },
                        [](const FrameMatch& frame) -> const Payload* {
                          return frame.body ? payload_of(frame.body->items.front()) : nullptr;
                        },
                    },
                    matcher);
}

}  // namespace dialtone
