#include "harness/model/framer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/model/plural.hpp"

namespace dialtone {

std::variant<Bytes, PartialFrame, FrameError> Framer::next() {
  if (error_) return *error_;
  const auto rest = ByteView(pending_).substr(given_);
  auto found = front_frame(framing_, rest, ended_, searched_);
  if (auto* error = std::get_if<FrameError>(&found)) return fail(std::move(*error));
  if (const auto* begun = std::get_if<PartialFrame>(&found)) return partial(*begun);
  const auto size = std::get<WholeFrame>(found).size;
  auto body = body_of(framing_, rest.substr(0, size));
  given_ += size;
  searched_ = 0;
  return body;
}

std::variant<Bytes, PartialFrame, FrameError> Framer::partial(const PartialFrame& frame) {
  // Here and not for each frame: many may have come at once.
  pending_.erase(0, given_);
  passed_ += std::exchange(given_, 0);
  if (const auto* by = std::get_if<DelimiterFraming>(&framing_))
    searched_ = pending_.size() - std::min(pending_.size(), by->delimiter.size() - 1);
  if (!ended_ || pending_.empty()) return frame;
  return fail({pending_.size(), frame.size
                                    ? fmt::format("its end is missing: {} of {} came",
                                                  plural(pending_.size(), "octet"), *frame.size)
                                    : "its end is missing"});
}

FrameError Framer::fail(FrameError error) {
  error.offset += passed_ + given_;
  error_ = std::move(error);
  return *error_;
}

std::optional<FrameError> not_whole(const Framing& framing, ByteView octets) {
  Framer framer(framing);
  framer.feed(octets);
  framer.end();
  while (true) {
    const auto next = framer.next();
    if (const auto* error = std::get_if<FrameError>(&next)) return *error;
    if (std::holds_alternative<PartialFrame>(next)) return std::nullopt;
  }
}

}  // namespace dialtone
