#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/model/bytes.hpp"

/// Text as octets and back, strictly: nothing is replaced, transliterated or dropped. Text in
/// memory is UTF-8.
namespace dialtone {

/// `kGbk` is Python's codec `gbk`: ASCII and 21,791 two-octet codes; 0x80 and the euro sign are not
/// in it. `kGb18030` is glibc's, which follows GB 18030-2005 and later; Python's follows the
/// edition of 2000, so that 25 two-octet codes stand for other characters (charset_test.cpp lists
/// them). Six of those characters keep their older four-octet code as a second one, which is read
/// but never written: only there do octets not come back as they were.
enum class Encoding { kGbk, kUtf8, kGb18030, kLatin1, kAscii };

/// By name or common alias ("utf8", "cp936", "iso-8859-1"), in any case, '_' as '-'.
std::optional<Encoding> find_encoding(std::string_view name);

/// The canonical names: "gbk", "utf-8", "gb18030", "latin-1", "ascii".
std::vector<std::string> encoding_names();
std::string_view name_of(Encoding encoding);

struct EncodeError {
  std::size_t character_index;  ///< from 0, in characters
  std::size_t offset;           ///< from 0, in octets of the UTF-8 text
  /// What the encoding does not have; nullopt where the octet at `offset` begins no valid UTF-8.
  std::optional<char32_t> character;

  bool operator==(const EncodeError&) const = default;
};

/// For a person, with characters counted from 1: "character 5 (U+20AC) is not in gbk".
std::string describe(const EncodeError& error, Encoding encoding);

/// `utf8` in `encoding`, or the first character that it cannot hold. Like all that follows, throws
/// std::runtime_error where the system's iconv lacks GBK or GB18030 (these two only, text beyond
/// ASCII only).
std::variant<Bytes, EncodeError> encode(Encoding encoding, std::string_view utf8);

struct Decoded {
  enum class End {
    kComplete,
    kIncomplete,  ///< the tail is the beginning of a character
    kIllegal,     ///< no character begins like the tail, whatever may follow
  };

  std::string text;  ///< UTF-8, what came before the tail
  End end;
  std::size_t offset;  ///< in octets, where the tail begins; the whole length where there is none

  bool operator==(const Decoded&) const = default;
};

/// Stops at the first fault.
Decoded decode(Encoding encoding, ByteView whole);

/// For display: an octet that begins no complete character becomes the four characters \xNN, and
/// reading goes on with the octet after it. A backslash of the text stays single. Valid UTF-8, but
/// controls stay as they are: `printable`.
std::string decode_lossy(Encoding encoding, ByteView whole);

/// Decodes a stream that may be cut anywhere: a character cut by a segment is waited for. Fed in
/// any pieces, it says what `decode` says of the whole.
class Decoder {
 public:
  explicit Decoder(Encoding encoding) : encoding_(encoding) {}

  struct Result {
    std::string text;  ///< UTF-8, of the characters that `bytes` completed
    std::optional<std::size_t>
        illegal_offset;  ///< in the stream; once set, every later result repeats it
  };
  Result feed(ByteView bytes);

  /// Octets of an incomplete character held back: a stream that ends here is cut inside a character
  /// if not 0.
  std::size_t pending() const { return pending_.size(); }

  /// Octets decoded, from the stream's beginning: where the pending or illegal tail begins.
  std::size_t offset() const { return offset_; }

 private:
  Encoding encoding_;
  bool illegal_ = false;
  Bytes pending_;  // three octets at most
  std::size_t offset_ = 0;
};

}  // namespace dialtone
