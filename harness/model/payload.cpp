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

void Payload::append_frame(const Framing& framing, Payload body) {
  if (const auto* octets = body.constant()) {
    auto framed = frame_of(framing, *octets);
    if (auto* whole = std::get_if<Bytes>(&framed)) return append(std::move(*whole));
  }
  parts_.emplace_back(Frame{framing, std::make_shared<const Payload>(std::move(body))});
}

std::variant<Bytes, Payload::Unavailable> Payload::bytes(const Text& part, const Variables& known) {
  const auto resolved = part.text.resolve(known);
  if (const auto* unknown = std::get_if<Template::Unknown>(&resolved))
    return Unavailable{fmt::format("variable '{}' has no value", unknown->name)};
  auto encoded = encode(part.encoding, std::get<std::string>(resolved));
  if (const auto* error = std::get_if<EncodeError>(&encoded))
    return Unavailable{describe(*error, part.encoding)};
  return std::get<Bytes>(std::move(encoded));
}

std::variant<Bytes, Payload::Unavailable> Payload::bytes(const Frame& part,
                                                         const Variables& known) {
  const auto body = part.body->bytes(known);
  if (const auto* unavailable = std::get_if<Unavailable>(&body)) return *unavailable;
  auto framed = frame_of(part.framing, std::get<Bytes>(body));
  if (const auto* error = std::get_if<FrameError>(&framed)) return Unavailable{error->reason};
  return std::get<Bytes>(std::move(framed));
}

std::variant<Bytes, Payload::Unavailable> Payload::bytes(const Variables& known) const {
  Bytes all;
  for (const auto& part : parts_) {
    if (const auto* constant = std::get_if<Bytes>(&part)) {
      all += *constant;
      continue;
    }
    const auto* text = std::get_if<Text>(&part);
    auto octets = text == nullptr ? bytes(std::get<Frame>(part), known) : bytes(*text, known);
    if (std::holds_alternative<Unavailable>(octets)) return octets;
    all += std::get<Bytes>(octets);
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
    } else if (const auto* frame = std::get_if<Frame>(&part)) {
      filled.append_frame(frame->framing, frame->body->with_data(data));
    } else {
      filled.append_filled(std::get<Text>(part), data);
    }
  }
  return filled;
}

void Payload::append_filled(const Text& part, const Bytes& data) {
  for (const auto& piece : part.text.pieces()) {
    if (piece.is_name && piece.text == "data") {
      append(data);
    } else if (piece.is_name && piece.text == "length") {
      append(std::to_string(data.size()));
    } else if (piece.is_name) {
      append(Template::of_name(piece.text), part.encoding);
    } else {
      const auto encoded = encode(part.encoding, piece.text);
      append(std::get<Bytes>(encoded));  // the loader has encoded it once already
    }
  }
}

std::optional<std::string> Payload::unframable() const {
  for (const auto& part : parts_) {
    const auto* frame = std::get_if<Frame>(&part);
    if (frame == nullptr) continue;
    if (auto inner = frame->body->unframable()) return inner;
    const auto* body = frame->body->constant();
    if (body == nullptr) continue;
    const auto framed = frame_of(frame->framing, *body);
    if (const auto* error = std::get_if<FrameError>(&framed)) return error->reason;
  }
  return std::nullopt;
}

std::size_t Payload::weight() const {
  std::size_t sum = 0;
  for (const auto& part : parts_) {
    if (const auto* constant = std::get_if<Bytes>(&part)) {
      sum += constant->size();
    } else if (const auto* frame = std::get_if<Frame>(&part)) {
      sum += kWeightOfAText + frame->body->weight();
    } else {
      sum += kWeightOfAText;
    }
  }
  return sum;
}

}  // namespace dialtone
