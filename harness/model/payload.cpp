#include "harness/model/payload.hpp"

#include <fmt/format.h>

#include <utility>

namespace dialtone {
namespace {

const Bytes kNothing;
constexpr std::size_t kWeightOfAText = 256;

}  // namespace

Payload::Payload(Bytes constant) { append(std::move(constant)); }

void Payload::append(Bytes constant) {
  if (!parts_.empty() && std::holds_alternative<Bytes>(parts_.back())) {
    std::get<Bytes>(parts_.back()) += constant;
  } else {
    parts_.emplace_back(std::move(constant));
  }
}

void Payload::append(Template text, Encoding encoding) {
  parts_.emplace_back(Text{std::move(text), encoding});
}

void Payload::append(Payload other) {
  for (auto& part : other.parts_) {
    if (auto* bytes = std::get_if<Bytes>(&part)) {
      append(std::move(*bytes));
    } else {
      parts_.push_back(std::move(part));
    }
  }
}

std::variant<Bytes, Payload::Unavailable> Payload::bytes(const Variables& known) const {
  Bytes all;
  for (const auto& part : parts_) {
    if (const auto* constant = std::get_if<Bytes>(&part)) {
      all += *constant;
      continue;
    }
    const auto& [text, encoding] = std::get<Text>(part);
    const auto resolved = text.resolve(known);
    if (const auto* unknown = std::get_if<Template::Unknown>(&resolved)) {
      return Unavailable{fmt::format("variable '{}' has no value", unknown->name)};
    }
    const auto encoded = encode(encoding, std::get<std::string>(resolved));
    if (const auto* error = std::get_if<EncodeError>(&encoded))
      return Unavailable{describe(*error, encoding)};
    all += std::get<Bytes>(encoded);
  }
  return all;
}

const Bytes* Payload::constant() const {
  if (parts_.empty()) return &kNothing;
  return parts_.size() == 1 ? std::get_if<Bytes>(&parts_.front()) : nullptr;
}

Payload Payload::with_data(const Bytes& data) const {
  Payload filled;
  for (const auto& part : parts_) {
    if (const auto* constant = std::get_if<Bytes>(&part)) {
      filled.append(*constant);
      continue;
    }
    const auto& [text, encoding] = std::get<Text>(part);
    for (const auto& piece : text.pieces()) {
      if (piece.is_name && piece.text == "data") {
        filled.append(data);
      } else if (piece.is_name && piece.text == "length") {
        filled.append(std::to_string(data.size()));
      } else if (piece.is_name) {
        filled.append(Template::of_name(piece.text), encoding);
      } else {
        const auto encoded = encode(encoding, piece.text);
        filled.append(std::get<Bytes>(encoded));  // the loader has encoded it once already
      }
    }
  }
  return filled;
}

std::size_t Payload::weight() const {
  std::size_t sum = 0;
  for (const auto& part : parts_) {
    const auto* constant = std::get_if<Bytes>(&part);
    sum += constant == nullptr ? kWeightOfAText : constant->size();
  }
  return sum;
}

}  // namespace dialtone
