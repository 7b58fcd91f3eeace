#include "harness/model/json_cursor.hpp"

#include "harness/model/utf8.hpp"

namespace dialtone {

void JsonCursor::advance_to(std::size_t offset) {
  for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
    const char octet = text_[offset_];
    if (octet == '\n') {
      position_ = {position_.line + 1, 1};
    } else if (!is_utf8_continuation(octet)) {
      // Counts a character when its first octet is passed; the others of the character add nothing.
      ++position_.column;
    }
  }
}

void JsonCursor::skip_trivia() {
  for (;;) {
    const char octet = peek();
    if (octet == ' ' || octet == '\t' || octet == '\n' || octet == '\r') {
      advance(1);
      continue;
    }
    const std::size_t comment = octet == '/' ? comment_length() : 0;
    if (comment == 0) return;
    advance(comment);
  }
}

void JsonCursor::skip_to_token() {
  skip_trivia();
  while (peek() == ',' || peek() == ':') {
    advance(1);
    skip_trivia();
  }
}

std::size_t JsonCursor::comment_length() const {
  const std::string_view here = rest();
  if (here.starts_with("//")) {
    const std::size_t end = here.find_first_of("\r\n");
    return end == std::string_view::npos ? here.size() : end;
  }
  if (!here.starts_with("/*")) return 0;
  const std::size_t end = here.find("*/", 2);
  return end == std::string_view::npos ? 0 : end + 2;
}

}  // namespace dialtone
