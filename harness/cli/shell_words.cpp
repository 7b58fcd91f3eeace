#include "harness/cli/shell_words.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace dialtone {
namespace {

/// Reads one line, a character at a time.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  std::optional<std::vector<std::string>> split() {
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      const bool good = c == '\'' || c == '"' ? quoted(c) : plain(c);
      if (!good) return std::nullopt;
    }
    end_word();
    return std::move(words_);
  }

 private:
  bool plain(char c) {
    if (c == ' ' || c == '\t' || c == '\n') {
      end_word();
      return true;
    }
    return add(c == '\\' ? next() : c);
  }

  bool quoted(char quote) {
    if (!word_) word_.emplace();  // also where nothing stands between the quotes
    while (at_ < line_.size() && line_[at_] != quote) {
      const char c = line_[at_++];
      const bool escapes = quote == '"' && c == '\\' && at_ < line_.size() &&
                           std::string_view("\"\\$`").find(line_[at_]) != std::string_view::npos;
      add(escapes ? next() : c);
    }
    return next() == quote;
  }

  /// nullopt at the end of the line.
  std::optional<char> next() {
    if (at_ == line_.size()) return std::nullopt;
    return line_[at_++];
  }

  bool add(std::optional<char> c) {
    if (!c) return false;
    if (!word_) word_.emplace();
    *word_ += *c;
    return true;
  }

  void end_word() {
    if (word_) words_.push_back(std::move(*word_));
    word_.reset();
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::optional<std::string> word_;  // nullopt between words
  std::vector<std::string> words_;
};

}  // namespace

std::string shell_word(std::string_view word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("-_./:=,@%+").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::optional<std::vector<std::string>> split_shell_words(std::string_view line) {
  return Splitter(line).split();
}

}  // namespace dialtone
