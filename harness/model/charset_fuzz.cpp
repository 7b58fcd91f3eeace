// A libFuzzer entry: ci/fuzz.sh builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "harness/model/charset.hpp"

namespace {

using dialtone::ByteView;
using dialtone::Decoded;
using dialtone::Encoding;
using End = dialtone::Decoded::End;

/// Ends the process where a law does not hold; NDEBUG does not switch it off.
void require(bool holds) {
  if (!holds) std::abort();
}

bool is_utf8(std::string_view text) { return decode(Encoding::kUtf8, text).end == End::kComplete; }

/// Cuts `bytes` into pieces of 0 to 4 octets, as the bits of `cuts` say.
Decoded decode_in_pieces(Encoding encoding, ByteView bytes, std::uint32_t cuts) {
  dialtone::Decoder decoder(encoding);
  Decoded all{"", End::kComplete, 0};
  while (!bytes.empty()) {
    cuts = cuts * 1664525 +
           1013904223;  // a linear congruential generator: the same input, the same cuts
    const auto piece = bytes.substr(0, (cuts >> 16) % 5);
    bytes.remove_prefix(piece.size());
    const auto result = decoder.feed(piece);
    all.text += result.text;
    if (result.illegal_offset) all.end = End::kIllegal;
    require(!result.illegal_offset || *result.illegal_offset == decoder.offset());
  }
  require(decoder.pending() < 4);
  if (decoder.pending() > 0) all.end = End::kIncomplete;
  all.offset = decoder.offset();
  return all;
}

void check_decoding(Encoding encoding, ByteView bytes, std::uint32_t cuts) {
  const auto whole = decode(encoding, bytes);
  require(is_utf8(whole.text));
  require((whole.end == End::kComplete) == (whole.offset == bytes.size()));
  require(decode_in_pieces(encoding, bytes, cuts) == whole);
  const auto lossy = decode_lossy(encoding, bytes);
  require(is_utf8(lossy) && lossy.starts_with(whole.text));
  // GB18030 gives some characters a second code, which is read but never written.
  const auto again = encode(encoding, whole.text);
  if (encoding == Encoding::kGb18030)
    return require(std::holds_alternative<dialtone::Bytes>(again));
  require(std::get<dialtone::Bytes>(again) == bytes.substr(0, whole.offset));
}

/// Here `text` is the hostile side: anything, that should be UTF-8.
void check_encoding(Encoding encoding, std::string_view text) {
  const auto result = encode(encoding, text);
  if (const auto* bytes = std::get_if<dialtone::Bytes>(&result)) {
    require(decode(encoding, *bytes) == Decoded{std::string(text), End::kComplete, bytes->size()});
    return;
  }
  const auto& error = std::get<dialtone::EncodeError>(result);
  require(error.offset < text.size() && error.character_index <= error.offset);
  const auto before = encode(encoding, text.substr(0, error.offset));
  require(std::holds_alternative<dialtone::Bytes>(before));
  require(error.character || !is_utf8(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Encoding encodings[] = {Encoding::kGbk, Encoding::kUtf8, Encoding::kGb18030,
                                Encoding::kLatin1, Encoding::kAscii};
  const ByteView bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto encoding = encodings[data[0] % 5];
  check_decoding(encoding, bytes, data[1]);
  check_encoding(encoding, bytes);
  return 0;
}
