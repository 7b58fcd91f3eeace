#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "harness/model/bytes.hpp"
#include "harness/model/framing.hpp"

namespace dialtone {

/// Takes a stream apart into frames, in whatever pieces it comes. Knows no socket. It holds what it
/// was fed and not yet given out, never more: a length that a peer names is compared, not trusted.
class Framer {
 public:
  explicit Framer(Framing framing) : framing_(std::move(framing)) {}

  void feed(ByteView octets) { pending_.append(octets); }
  /// The stream has ended: no more is fed.
  void end() { ended_ = true; }

  /// The body of the next frame; that it is not whole yet (after end(): that no more come); or why
  /// there is none, for good, with the offset in the whole stream.
  std::variant<Bytes, PartialFrame, FrameError> next();

 private:
  std::variant<Bytes, PartialFrame, FrameError> partial(const PartialFrame& frame);
  FrameError fail(FrameError error);

  Framing framing_;
  Bytes pending_;
  std::size_t given_ = 0;     // octets of `pending_` whose frames were given out
  std::size_t passed_ = 0;    // octets of the stream before `pending_`
  std::size_t searched_ = 0;  // octets behind `given_` that hold no delimiter
  bool ended_ = false;
  std::optional<FrameError> error_;
};

/// Why `octets` are not one frame or more, each of them whole; nullopt where they are.
std::optional<FrameError> not_whole(const Framing& framing, ByteView octets);

}  // namespace dialtone
