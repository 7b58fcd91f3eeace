#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/pattern_set.hpp"

namespace dialtone {

/// A value that scenarios may use and that nobody else must read: `${name}`.
struct Secret {
  std::string name;
  std::string value;
};

/// Why a value cannot be kept secret: what is very short stands everywhere. nullopt where it can.
std::optional<std::string> unfit_secret(std::string_view value);

/// Finds secrets, in any of their forms (secret_forms.hpp), and puts '*' in the place of each octet
/// of them: lengths and offsets stay what they are.
class Secrets {
 public:
  static constexpr char kMask = '*';
  /// Fewer of the first octets of a secret tell little, and stand at many an end by chance.
  static constexpr std::size_t kTelling = 4;

  Secrets() : Secrets(std::vector<Secret>()) {}
  explicit Secrets(std::vector<Secret> secrets);

  bool empty() const { return secrets_.empty(); }
  const std::vector<Secret>& all() const { return secrets_; }
  const PatternSet& patterns() const { return patterns_; }  ///< owners: places in all()

  /// Of octets or of text. The names of those that were found are added to `found`.
  Bytes masked(ByteView octets, std::set<std::string>* found = nullptr) const;
  /// ... and where the text ends in the middle of one, or dropped.hpp cut one, what is left of it
  /// (of the end of a text: from kTelling octets on).
  Bytes masked_parts(ByteView octets, std::set<std::string>* found = nullptr) const;
  /// The name of one that stands in the text; empty where none does.
  std::string found_in(ByteView octets) const;

 private:
  void mask_dropped(ByteView octets, Bytes& result) const;

  std::vector<Secret> secrets_;
  PatternSet patterns_;
  PatternSet backwards_;  ///< the same, each from its last octet to its first
};

}  // namespace dialtone
