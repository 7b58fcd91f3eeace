#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/charset.hpp"

namespace dialtone {

/// A character of a text, or an octet that begins none, as a person is shown it.
struct Glyph {
  std::size_t offset;  ///< in octets, in the whole
  std::size_t length;  ///< in octets
  std::string shown;   ///< printable
};

/// The characters of `bytes` of which an octet lies in [from, to). Characters are found from the
/// beginning of `bytes`, so that a window in the middle of a GBK text does not pair the wrong
/// octets.
std::vector<Glyph> glyphs(Encoding encoding, ByteView bytes, std::size_t from, std::size_t to);

/// The glyphs as one string.
std::string shown_text(const std::vector<Glyph>& glyphs);

}  // namespace dialtone
