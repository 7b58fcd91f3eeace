#include "harness/model/iconv_converter.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace dialtone {

IconvConverter::IconvConverter(const char* to, const char* from)
    : descriptor_(::iconv_open(to, from)) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how iconv_open(3) fails.
  if (descriptor_ == reinterpret_cast<iconv_t>(-1))
    throw std::runtime_error(
        fmt::format("the system's iconv cannot convert {} to {} (some distributions ship it "
                    "apart, as glibc-gconv-extra)",
                    from, to));
}

IconvConverter::~IconvConverter() { ::iconv_close(descriptor_); }

std::size_t IconvConverter::convert(ByteView in, char* out, std::size_t capacity) {
  auto* from = const_cast<char*>(in.data());  // iconv's signature; it does not write there
  auto from_left = in.size();
  auto out_left = capacity;
  ::iconv(descriptor_, nullptr, nullptr, nullptr, nullptr);  // forget what a failure left behind
  const auto inexact = ::iconv(descriptor_, &from, &from_left, &out, &out_left);
  return inexact == 0 && from_left == 0 ? capacity - out_left : 0;
}

std::optional<char32_t> IconvConverter::to_character(ByteView code) {
  char32_t character = 0;
  std::array<char, 2 * sizeof character> out{};
  if (convert(code, out.data(), out.size()) != sizeof character) return std::nullopt;
  std::memcpy(&character, out.data(), sizeof character);
  return character;
}

}  // namespace dialtone
