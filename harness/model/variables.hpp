#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dialtone {

/// Values of `${name}`: from the suite's `vars`, the profile, `--var`, and what a running scenario
/// learns.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Text with `${name}` in it. `$${` stands for a literal `${`.
class Template {
 public:
  struct SyntaxError {
    std::string message;
  };

  Template() = default;
  explicit Template(std::string literal);
  /// `${name}` and no more.
  static Template of_name(std::string name);

  /// An unclosed or empty `${` is an error.
  static std::variant<Template, SyntaxError> parse(std::string_view text);

  /// The names it still refers to, in order.
  std::vector<std::string> names() const;

  /// The same with what `known` holds filled in; other names stay.
  Template with(const Variables& known) const;

  /// The text, where no name is left in it.
  std::optional<std::string> constant() const;

  struct Unknown {
    std::string name;
  };
  std::variant<std::string, Unknown> resolve(const Variables& known) const;

  bool empty() const { return pieces_.empty(); }

  struct Piece {
    bool is_name;
    std::string text;
  };
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  void append_literal(std::string_view text);

  std::vector<Piece> pieces_;
};

}  // namespace dialtone
