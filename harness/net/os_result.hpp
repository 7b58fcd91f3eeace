#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace dialtone {

/// What the operating system refused, and why. A value: it is reported, not thrown.
struct OsError {
  int code = 0;      ///< errno
  std::string text;  ///< for people: what was tried, and the errno's text

  bool operator==(const OsError&) const = default;
};

/// `what: <text of the errno code>`
OsError os_error(std::string_view what, int code);

/// A value, or why there is none (std::expected is not in C++20).
/// Test it before use: the accessors of the absent side throw std::bad_variant_access.
template <class T>
class OsResult {
 public:
  OsResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT: implicit
  OsResult(OsError error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const OsError& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, OsError> state_;
};

}  // namespace dialtone
