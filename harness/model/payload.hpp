#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/charset.hpp"
#include "harness/model/framing.hpp"
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
  /// The frame that carries `body`.
  void append_frame(const Framing& framing, Payload body);

  /// Why the octets cannot be had, for a person.
  struct Unavailable {
    std::string reason;
  };
  std::variant<Bytes, Unavailable> bytes(const Variables& known) const;

  /// The octets, where they depend on nothing; nullptr otherwise.
  const Bytes* constant() const;

  /// The same with the octets `data` for `${data}`, and their number in decimal for `${length}`.
  Payload with_data(const Bytes& data) const;

  /// Why a frame of it cannot be made, whatever the run knows; nullopt where all can, or only the
  /// run knows.
  std::optional<std::string> unframable() const;

  /// A measure to limit it by: the octets of its constant parts, and 256 for each text whose length
  /// only the run knows.
  std::size_t weight() const;

 private:
  struct Text {
    Template text;
    Encoding encoding;
  };
  /// A frame whose body only the run knows, or which cannot be made.
  struct Frame {
    Framing framing;
    std::shared_ptr<const Payload> body;
  };
  using Part = std::variant<Bytes, Text, Frame>;

  static std::variant<Bytes, Unavailable> bytes(const Text& part, const Variables& known);
  static std::variant<Bytes, Unavailable> bytes(const Frame& part, const Variables& known);
  void append_filled(const Text& part, const Bytes& data);
  std::vector<Part> parts_;
};

}  // namespace dialtone
