#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/clock.hpp"
#include "harness/model/diagnostic.hpp"
#include "harness/model/json_source.hpp"

namespace dialtone {

/// A log says what no log says. Ends the reading; caught in log_reader.cpp.
class BadLog : public std::runtime_error {
 public:
  explicit BadLog(Diagnostic diagnostic)
      : std::runtime_error(diagnostic.message), diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }

 private:
  Diagnostic diagnostic_;
};

/// A line of a log, or the one at which a document of several begins.
struct LogPlace {
  const std::string& file;
  int line;
};

/// An object of a line, by its keys; nobody looks at keys that nobody asks for, so that later
/// versions may have more. Everything throws BadLog, with the place, where the value is none of
/// what it should be.
class Fields {
 public:
  Fields(const JsonNode& node, const LogPlace& place);

  bool has(std::string_view key) const { return node_->find(key) != nullptr; }
  /// Refuses the value of `key`, which must be there.
  [[noreturn]] void refuse(std::string_view key, std::string message, std::string hint = {}) const;

  std::string text(std::string_view key) const;
  std::string text_or_empty(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;  ///< none where there is no key
  /// An array of whole numbers, of which each is above the one before it.
  std::vector<std::int64_t> ascending(std::string_view key, std::int64_t low,
                                      std::int64_t high) const;
  Bytes octets(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high) const;
  int number(std::string_view key, int low = 0) const {
    return static_cast<int>(integer(key, low, std::numeric_limits<int>::max()));
  }
  /// Nanoseconds, not below 0; so few that two of them can be added.
  Duration duration(std::string_view key) const;
  Fields object(std::string_view key) const { return {need(key), place_}; }
  std::vector<Fields> objects(std::string_view key) const;  ///< none where there is no key

  /// What `find` makes of the text; a word that it does not know is refused.
  auto word(std::string_view key, auto find) const {
    const auto name = text(key);
    const auto found = find(name);
    if (!found) refuse(key, "there is no " + std::string(key) + " '" + name + "'");
    return *found;
  }

 private:
  const JsonNode& need(std::string_view key) const;
  std::int64_t integer_of(const JsonNode& node, std::int64_t low, std::int64_t high) const;
  std::string text_of(const JsonNode& node) const;
  [[noreturn]] void refuse_node(const JsonNode& node, std::string message,
                                std::string hint = {}) const;
  void need_kind(const JsonNode& node, JsonNode::Kind kind) const;

  const JsonNode* node_;
  LogPlace place_;
};

}  // namespace dialtone
