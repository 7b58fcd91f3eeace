#pragma once

#include <iconv.h>

#include <cstddef>
#include <optional>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// glibc's name of its own form of text, char32_t in all but type: conversions to and from it take
/// a single step.
constexpr const char* kIconvInternal = "WCHAR_T";

/// iconv(3), one whole character a call, because in longer texts it drops some characters without a
/// word (U+E0000 to U+E007F). Belongs to one thread.
class IconvConverter {
 public:
  /// Throws std::runtime_error where the system's iconv does not know one of the two.
  IconvConverter(const char* to, const char* from);
  ~IconvConverter();
  IconvConverter(const IconvConverter&) = delete;
  IconvConverter& operator=(const IconvConverter&) = delete;

  /// `in` must be one character. Octets written to `out`; 0 where there is no exact counterpart.
  std::size_t convert(ByteView in, char* out, std::size_t capacity);

  /// Of a converter to `kIconvInternal`: the character that `code` stands for, where it is one.
  std::optional<char32_t> to_character(ByteView code);

 private:
  iconv_t descriptor_;
};

}  // namespace dialtone
