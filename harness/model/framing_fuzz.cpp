// A libFuzzer entry: ci/fuzz.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "harness/model/framer.hpp"

namespace {

using dialtone::Bytes;
using dialtone::ByteView;
using dialtone::FrameError;
using dialtone::Framer;
using dialtone::Framing;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Of four octets of the input.
Framing framing_of(const std::uint8_t* chosen) {
  constexpr std::size_t kSizes[] = {1, 2, 3, 4, 8};
  switch (chosen[0] % 5) {
    case 0: return dialtone::DelimiterFraming{Bytes(1 + chosen[1] % 3, '\n')};
    case 1: return dialtone::FixedFraming{1 + std::size_t{chosen[1]} % 9};
    case 2: return dialtone::UntilEofFraming{};
    case 3: return dialtone::OneShotFraming{1 + std::size_t{chosen[1]}};
    default:
      return dialtone::LengthPrefixFraming{kSizes[chosen[1] % 5], chosen[2] % 2 == 0,
                                           chosen[2] / 2 % 2 == 0, std::size_t{chosen[3]} % 4,
                                           std::size_t{chosen[3]} / 4 % 9};
  }
}

struct Taken {
  std::vector<Bytes> bodies{};
  bool failed = false;
  std::size_t failed_at = 0;

  bool operator==(const Taken&) const = default;
};

void take_all(Framer& framer, Taken& taken) {
  while (true) {
    auto next = framer.next();
    if (auto* body = std::get_if<Bytes>(&next)) {
      taken.bodies.push_back(std::move(*body));
      continue;
    }
    const auto* error = std::get_if<FrameError>(&next);
    taken.failed = error != nullptr;
    if (error != nullptr) taken.failed_at = error->offset;
    return;
  }
}

/// Pieces of 1 to 5 octets, as the bits of `cuts` say; 0: in one piece.
Taken take(const Framing& framing, ByteView stream, std::uint32_t cuts) {
  Framer framer(framing);
  Taken taken;
  for (auto rest = stream; !rest.empty();) {
    cuts = cuts == 0 ? 0 : cuts * 1664525 + 1013904223;
    const auto piece = cuts == 0 ? rest : rest.substr(0, 1 + (cuts >> 16) % 5);
    rest.remove_prefix(piece.size());
    framer.feed(piece);
    take_all(framer, taken);
  }
  framer.end();
  take_all(framer, taken);
  return taken;
}

/// A frame carries what was put into it.
void check_frame(const Framing& framing, ByteView body) {
  const auto frame = dialtone::frame_of(framing, body);
  const auto* octets = std::get_if<Bytes>(&frame);
  if (octets == nullptr || octets->empty()) return;
  require(take(framing, *octets, 0) == Taken{{Bytes(body)}, false, 0});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 5) return 0;
  const auto framing = framing_of(data);
  const ByteView stream(reinterpret_cast<const char*>(data + 5), size - 5);
  const auto whole = take(framing, stream, 0);
  require(take(framing, stream, data[4] + 1U) == whole);
  require(!whole.failed || whole.failed_at <= stream.size());
  // What was taken apart makes the same stream again, up to what was no frame.
  Bytes again;
  for (const auto& body : whole.bodies) {
    const auto frame = dialtone::frame_of(framing, body);
    require(std::holds_alternative<Bytes>(frame));
    again += std::get<Bytes>(frame);
  }
  require(stream.starts_with(again));
  require(whole.failed || again.size() == stream.size());
  check_frame(framing, stream);
  return 0;
}
