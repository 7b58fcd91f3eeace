#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/payload.hpp"

namespace re2 {
class RE2;
}

namespace dialtone {

struct ExactMatch {
  Payload payload;
};
/// These octets come next; what follows them on the connection is nobody's concern.
struct PrefixMatch {
  Payload payload;
};
/// The octets occur in what comes; consumes up to their end.
struct ContainsMatch {
  Payload payload;
};
/// As "contains", but captures what stands before the payload.
struct UntilMatch {
  Payload payload;
};
struct LengthMatch {
  std::size_t octets;
};
/// Searched for in what has arrived so far; consumes up to its match's end (RE2 syntax). As if
/// octet after octet arrived: of `[0-9]+` the first digit is the match. What ends it must be in the
/// pattern:
/// `([0-9]+)\r\n`. The end of the text (`$`) is the end of what has arrived. In a frame it is
/// searched for in the whole body instead.
struct RegexMatch {
  std::string pattern;
  std::shared_ptr<const re2::RE2> compiled;
  bool as_bytes;                       ///< on octets, not on text
  std::optional<Encoding> encoding{};  ///< of the text; nullopt: the scenario's
};

struct MatcherList;
/// One after the other: each takes what those before it left.
struct SequenceMatch {
  std::shared_ptr<const MatcherList> parts;
};

/// One whole frame, neither more nor less. It is wrong at the first octet that no frame with this
/// body has: of its length, or of its body.
struct FrameMatch {
  Framing framing;
  /// What its body must be like, as a list of one; nullptr: anything. A payload, a length and a
  /// sequence are all of the body, the others say what is in it.
  std::shared_ptr<const MatcherList> body{};
};

using Matcher = std::variant<ExactMatch, PrefixMatch, ContainsMatch, UntilMatch, LengthMatch,
                             RegexMatch, SequenceMatch, FrameMatch>;

/// Of a sequence: their payloads are constant. Or of a frame's body.
struct MatcherList {
  std::vector<Matcher> items;
};

/// Whether what is matched belongs to a body, such as a frame's, whose end is its own.
enum class BodyPart {
  kNone,   ///< it is of a stream
  kBegun,  ///< more of the body follows
  kWhole,
};

/// A matcher with its payload's octets at hand. Borrows both.
struct Expectation {
  const Matcher* matcher;
  ByteView octets;  ///< of its payload; empty where it has none
  Encoding encoding;
  bool ended = false;  ///< nothing more follows: the stream has ended with FIN
  /// So many octets of what was received an earlier call has seen, and needed more. Saves looking
  /// at them again: a large reply that comes in many pieces would cost the square of its length.
  std::size_t seen = 0;
  /// A regex, if it is the last part, is judged on the whole body: `$` is its end.
  BodyPart body = BodyPart::kNone;
};

struct Matched {
  std::size_t consumed;  ///< octets, from the front of what was received
  std::string captured;  ///< regex: its first group, else the whole match; until: what came before;
                         ///< frame: its body, or what its body's matcher captures; else all
                         ///< consumed
};
/// The octets received so far can still become a match.
struct NeedMore {};
/// No continuation can match.
struct Mismatch {
  std::size_t offset;    ///< of the first wrong octet
  std::string reason{};  ///< in words, where the octet alone does not tell; may be empty
};
using MatchResult = std::variant<Matched, NeedMore, Mismatch>;

/// Judges what has arrived so far. Pure: does not depend on how the stream was cut (law 1). An
/// exact expectation and a prefix fail at the first wrong octet, a regex on text at the first octet
/// that is no character of the encoding: not at the deadline.
MatchResult match(const Expectation& expectation, ByteView received);

/// What was expected, for a person: "exactly 11 octets", "text that matches /x+/". Of a frame more
/// is known once its length was received: "a frame of 12 octets".
std::string describe(const Expectation& expectation, ByteView received = {});

/// The octets that are expected, as far as they are known: those of the payload; of a frame all of
/// it, or none.
Bytes known_octets(const Expectation& expectation);

/// Whether it says what all of a datagram or a frame's body is; the others say what is in it.
bool takes_all(const Matcher& matcher);

/// The payload that the matcher, or that of a frame's body, compares with; nullptr where it has
/// none.
const Payload* payload_of(const Matcher& matcher);

}  // namespace dialtone
