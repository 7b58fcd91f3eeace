#pragma once

#include <cstddef>
#include <string_view>

#include "harness/model/json_source.hpp"

namespace dialtone {

/// A place in a JSON text that moves only forward: the lines and columns of all tokens cost one
/// pass together. The text must outlive it.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  std::size_t offset() const { return offset_; }
  Position position() const { return position_; }
  std::string_view rest() const { return text_.substr(offset_); }
  bool at_end() const { return offset_ == text_.size(); }
  /// The octet here; NUL at the end (a text with NUL octets is refused before).
  char peek() const { return at_end() ? '\0' : text_[offset_]; }

  /// Goes on to `offset`, an octet count from the text's beginning; never back.
  void advance_to(std::size_t offset);
  void advance(std::size_t octets) { advance_to(offset_ + octets); }

  /// Goes over white space and comments. Stops at the '/' of a comment that is not closed, or of
  /// none.
  void skip_trivia();
  /// As skip_trivia, and over commas and colons: to the next value, key or bracket of a well-formed
  /// text.
  void skip_to_token();

 private:
  /// Octets of the comment here; 0 where none begins or it is not closed.
  std::size_t comment_length() const;

  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

}  // namespace dialtone
