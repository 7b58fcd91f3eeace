#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

/// Octets to send or to expect: constant, or with text that a running scenario fills in.
class Payload {
 public:
  Payload() = default;
  explicit Payload(Bytes constant);

  void append(Bytes constant);
  void append(Template text, Encoding encoding);
  void append(Payload other);

  /// Why the octets cannot be had, for a person.
  struct Unavailable {
    std::string reason;
  };
  std::variant<Bytes, Unavailable> bytes(const Variables& known) const;

  /// The octets, where they depend on nothing; nullptr otherwise.
  const Bytes* constant() const;

  /// The same with the octets `data` for `${data}`, and their number in decimal for `${length}`.
  Payload with_data(const Bytes& data) const;

  /// A measure to limit it by: the octets of its constant parts, and 256 for each text whose length
  /// only the run knows.
  std::size_t weight() const;

 private:
  struct Text {
    Template text;
    Encoding encoding;
  };
  using Part = std::variant<Bytes, Text>;
  std::vector<Part> parts_;
};

}  // namespace dialtone
