#include "harness/model/framing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/overloaded.hpp"
#include "harness/model/plural.hpp"

namespace dialtone {
namespace {

std::size_t header_of(const LengthPrefixFraming& framing) {
  return framing.offset + framing.octets;
}

/// What the field's value does not count.
std::size_t uncounted(const LengthPrefixFraming& framing) {
  return framing.add + (framing.counts_whole ? 0 : header_of(framing));
}

std::uint64_t largest_value(const LengthPrefixFraming& framing) {
  return framing.octets >= sizeof(std::uint64_t) ? UINT64_MAX
                                                 : (std::uint64_t{1} << (8 * framing.octets)) - 1;
}

std::uint64_t decode_length(const LengthPrefixFraming& framing, ByteView field) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto at = framing.is_little_endian ? field.size() - 1 - i : i;
    value = value << 8 | static_cast<unsigned char>(field[at]);
  }
  return value;
}

Bytes encode_length(const LengthPrefixFraming& framing, std::uint64_t value) {
  Bytes field(framing.octets, '\0');
  for (std::size_t i = 0; i < field.size(); ++i, value >>= 8)
    field[framing.is_little_endian ? i : field.size() - 1 - i] = static_cast<char>(value & 0xff);
  return field;
}

FrontFrame sized(std::size_t size, ByteView octets) {
  if (octets.size() < size) return PartialFrame{size};
  return WholeFrame{size};
}

FrontFrame front(const DelimiterFraming& framing, ByteView octets, std::size_t searched) {
  const auto at = octets.substr(0, kLargestFrame).find(framing.delimiter, searched);
  if (at != ByteView::npos) return WholeFrame{at + framing.delimiter.size()};
  if (octets.size() < kLargestFrame) return PartialFrame{};
  return FrameError{kLargestFrame,
                    fmt::format("none of its first {} octets end it", kLargestFrame)};
}

/// The value is compared before it is used: it may be anything.
FrontFrame front(const LengthPrefixFraming& framing, ByteView octets) {
  const auto header = header_of(framing);
  if (octets.size() < header) return PartialFrame{};
  const auto value = decode_length(framing, octets.substr(framing.offset, framing.octets));
  const auto wrong = [&](std::string_view than, std::size_t limit) {
    return FrameError{framing.offset, fmt::format("its length is {}, {} {}", value, than, limit)};
  };
  const auto most = kLargestFrame - uncounted(framing);
  if (value > most) return wrong("above", most);
  const auto size = static_cast<std::size_t>(value) + uncounted(framing);
  if (size < header) return wrong("below", header - uncounted(framing));
  return sized(size, octets);
}

FrontFrame front_to_the_end(ByteView octets, bool ended) {
  if (ended && !octets.empty()) return WholeFrame{octets.size()};
  return PartialFrame{};
}

FrontFrame front(const OneShotFraming& framing, ByteView octets, bool ended) {
  if (framing.most && octets.size() > *framing.most)
    return FrameError{*framing.most, fmt::format("one recv takes {} octets", *framing.most)};
  return front_to_the_end(octets, ended);
}

/// `octets` without its end that may be the beginning of `delimiter`.
ByteView without_begun(ByteView octets, ByteView delimiter) {
  for (auto size = std::min(octets.size(), delimiter.size() - 1); size > 0; --size) {
    if (octets.ends_with(delimiter.substr(0, size))) return octets.substr(0, octets.size() - size);
  }
  return octets;
}

Bytes without_field(const LengthPrefixFraming& framing, ByteView octets) {
  const auto from = std::min(octets.size(), framing.offset);
  const auto to = std::min(octets.size(), header_of(framing));
  return Bytes(octets.substr(0, from)).append(octets.substr(to));
}

using Framed = std::variant<Bytes, FrameError>;

Framed frame(const OneShotFraming& framing, ByteView body) {
  if (!framing.most || body.size() <= *framing.most) return Bytes(body);
  return FrameError{*framing.most, fmt::format("{} are more than the {} that one recv takes",
                                               plural(body.size(), "octet"), *framing.most)};
}

Framed frame(const DelimiterFraming& framing, ByteView body) {
  auto octets = Bytes(body) + framing.delimiter;
  const auto at = octets.find(framing.delimiter);
  if (at == body.size()) return octets;
  return FrameError{at,
                    fmt::format("what ends a frame ({}) stands in it", to_hex(framing.delimiter))};
}

Framed frame(const LengthPrefixFraming& framing, ByteView body) {
  const auto size = body.size() + framing.octets;
  const auto fewest = framing.offset + (framing.counts_whole ? 0 : framing.add);
  if (body.size() < fewest || size < framing.add)
    return FrameError{
        body.size(), fmt::format("{} are fewer than its header has", plural(body.size(), "octet"))};
  const auto value = size - uncounted(framing);
  if (value > largest_value(framing) || size > kLargestFrame)
    return FrameError{
        0, fmt::format("{} are more than a length of {} can say", plural(body.size(), "octet"),
                       plural(framing.octets, "octet"))};
  return Bytes(body.substr(0, framing.offset))
      .append(encode_length(framing, value))
      .append(body.substr(framing.offset));
}

Framed frame(const FixedFraming& framing, ByteView body) {
  if (body.size() == framing.octets) return Bytes(body);
  return FrameError{std::min(body.size(), framing.octets),
                    fmt::format("{} in place of {}", plural(body.size(), "octet"), framing.octets)};
}

std::string describe_length(const LengthPrefixFraming& framing) {
  return fmt::format(
      "has a length of {}{} {}", plural(framing.octets, "octet"),
      framing.is_little_endian ? ", little-endian," : "",
      framing.offset == 0 ? "in front" : fmt::format("at offset {}", framing.offset));
}

}  // namespace

std::string describe(const Framing& framing) {
  return std::visit(Overloaded{
                        [](const OneShotFraming&) { return std::string("one recv returns"); },
                        [](const DelimiterFraming& by) {
                          return by.delimiter == "\n" ? "ends in LF"
                                                      : "ends in " + to_hex(by.delimiter);
                        },
                        [](const LengthPrefixFraming& by) { return describe_length(by); },
                        [](const FixedFraming& by) { return "has " + plural(by.octets, "octet"); },
                        [](const UntilEofFraming&) { return std::string("ends with FIN"); },
                    },
                    framing);
}

FrontFrame front_frame(const Framing& framing, ByteView octets, bool ended, std::size_t searched) {
  return std::visit(
      Overloaded{
          // Only its sender knows where it ends; that the stream ends there is certain.
          [&](const OneShotFraming& by) { return front(by, octets, ended); },
          [&](const DelimiterFraming& by) { return front(by, octets, searched); },
          [&](const LengthPrefixFraming& by) { return front(by, octets); },
          [&](const FixedFraming& by) { return sized(by.octets, octets); },
          [&](const UntilEofFraming&) { return front_to_the_end(octets, ended); },
      },
      framing);
}

Bytes body_of(const Framing& framing, ByteView frame) {
  if (const auto* by = std::get_if<DelimiterFraming>(&framing))
    return Bytes(frame.substr(0, frame.size() - by->delimiter.size()));
  return partial_body_of(framing, frame);
}

Bytes partial_body_of(const Framing& framing, ByteView octets) {
  if (const auto* by = std::get_if<DelimiterFraming>(&framing))
    return Bytes(without_begun(octets, by->delimiter));
  if (const auto* by = std::get_if<LengthPrefixFraming>(&framing))
    return without_field(*by, octets);
  return Bytes(octets);
}

std::variant<Bytes, FrameError> frame_of(const Framing& framing, ByteView body) {
  return std::visit(Overloaded{
                        [&](const UntilEofFraming&) -> Framed { return Bytes(body); },
                        [&](const auto& by) { return frame(by, body); },
                    },
                    framing);
}

}  // namespace dialtone
