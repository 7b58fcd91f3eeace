#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// What one recv returns is a request: no octet says where it ends. A request that TCP cuts is two
/// there, and two that it joins are one.
struct OneShotFraming {
  std::optional<std::size_t> most{};  ///< octets that the recv asks for; nullopt: not known
};
/// A frame ends in these octets, which nothing before them holds.
struct DelimiterFraming {
  Bytes delimiter;
};
/// A length field says how long the frame is. The frame is `offset` octets, the field, and the
/// rest; its size is the field's value and what the value does not count: the octets up to the
/// field's end (unless `counts_whole`), and `add` more. Examples: DNS over TCP (RFC 1035 section
/// 4.2.2) is {2}; PostgreSQL counts all but a type octet before the field: {4, whole, offset 1, add
/// 1}; HTTP/2 (RFC 9113 section 4.1) is {3, add 6}.
struct LengthPrefixFraming {
  std::size_t octets = 4;  ///< of the field: 1, 2, 3, 4 or 8
  bool is_little_endian = false;
  bool counts_whole = false;
  std::size_t offset = 0;
  std::size_t add = 0;
};
/// Every frame has so many octets.
struct FixedFraming {
  std::size_t octets;
};
/// A frame ends with its sender's FIN.
struct UntilEofFraming {};

/// How requests and replies are told apart in a stream.
using Framing = std::variant<OneShotFraming, DelimiterFraming, LengthPrefixFraming, FixedFraming,
                             UntilEofFraming>;

/// Frames that say that they are longer are no frames.
constexpr std::size_t kLargestFrame = 64 << 20;  // octets

/// "ends in 0d 0a", "has a length of 4 octets in front": reads on from "a frame that".
std::string describe(const Framing& framing);

/// Why octets are no frame.
struct FrameError {
  std::size_t offset;  ///< of the octets that show it
  std::string reason;  ///< "its length is 4294967295, above 67108864"
};
/// There are too few octets to say where the frame ends, or fewer than it has.
struct PartialFrame {
  std::optional<std::size_t> size;  ///< in octets, once that is known
};
struct WholeFrame {
  std::size_t size;  ///< in octets, from the front
};
using FrontFrame = std::variant<WholeFrame, PartialFrame, FrameError>;

/// What stands at the front of a stream that is `octets` so far. Pure: a frame is the same however
/// the stream was cut. `ended`: nothing follows (FIN). `searched`: of a delimiter, the first so
/// many octets are known not to hold one.
FrontFrame front_frame(const Framing& framing, ByteView octets, bool ended = false,
                       std::size_t searched = 0);

/// What a frame carries: its octets without the delimiter or the length field. Of one with octets
/// before its length field, these come first.
Bytes body_of(const Framing& framing, ByteView frame);
/// As much of that as a frame shows that is not whole yet.
Bytes partial_body_of(const Framing& framing, ByteView octets);

/// The frame that carries `body`. An error where there is none: its length does not fit into the
/// field, or the delimiter stands in it. `offset` is then one of the body.
std::variant<Bytes, FrameError> frame_of(const Framing& framing, ByteView body);

}  // namespace dialtone
