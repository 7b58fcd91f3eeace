#include "harness/model/payload_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <utility>

#include "harness/model/framing_reader.hpp"
#include "harness/model/octet_kinds.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/read_file.hpp"

namespace dialtone {
namespace {

constexpr auto kTooLarge = "a payload must have at most 64 MiB";

Bytes repeat(const Bytes& octets, std::size_t times) {
  const auto size = octets.size() * times;
  Bytes all = octets;
  all.reserve(size);
  while (all.size() < size) all.append(all, 0, size - all.size());  // twice as much, each time
  return all;
}

}  // namespace

std::string describe_unframable(std::string_view reason) {
  return fmt::format("the framing cannot carry this: {}", reason);
}

std::optional<Encoding> read_encoding(const JsonNode& node, LoadContext& context) {
  if (!context.expect_kind(node, JsonNode::Kind::kString, "an encoding")) return std::nullopt;
  const auto found = find_encoding(node.string);
  if (!found) {
    context.report(node, fmt::format("unknown encoding '{}'", printable(node.string)),
                   suggest(node.string, encoding_names()));
  }
  return found;
}

const JsonNode* PayloadReader::value(const JsonNode& object, std::string_view key,
                                     JsonNode::Kind kind) {
  const auto* node = object.find(key);
  if (node == nullptr) {
    context_->report(object, fmt::format("this payload needs '{}' too", key),
                     R"({"repeat": "x", "times": 3}, or {"random": 1024, "seed": 1})");
    return nullptr;
  }
  return context_->expect_kind(*node, kind, fmt::format("'{}'", key)) ? node : nullptr;
}

Template PayloadReader::text(const JsonNode& node) {
  if (!context_->expect_kind(node, JsonNode::Kind::kString, "a text")) return {};
  const auto parsed = Template::parse(node.string);
  if (const auto* error = std::get_if<Template::SyntaxError>(&parsed)) {
    context_->report(node, error->message, "write '$${' for a literal '${'");
    return {};
  }
  auto filled = std::get<Template>(parsed).with(context_->variables());
  for (const auto& name : filled.names()) {
    if (scope_->has_variable(name)) continue;
    const auto* spec = find_parameter(name);
    if (spec != nullptr && !is_scalar(spec->type)) {
      context_->report(
          node, fmt::format("'{}' is octets and cannot stand inside a text", name),
          fmt::format("a list takes it as an item of its own: [\"...\", \"${{{}}}\"]", name));
      continue;
    }
    if (context_->needs_parameter(name)) continue;
    auto known = scope_->variables();
    for (const auto& [variable, ignored] : context_->variables()) known.push_back(variable);
    context_->report(node, fmt::format("unknown variable '{}'", printable(name)),
                     suggest(name, known));
  }
  return filled;
}

const ParameterSpec* PayloadReader::parameter(const JsonNode& node) const {
  if (node.kind != JsonNode::Kind::kString) return nullptr;
  const auto name = whole_variable(node.string);
  const auto* spec = find_parameter(name);
  if (spec == nullptr || is_scalar(spec->type) || scope_->has_variable(name)) return nullptr;
  const bool is_variable = context_->variables().contains(name);
  if (is_variable && !context_->parameters().has(name)) return nullptr;
  context_->note_profile_octets();
  return spec;
}

Payload PayloadReader::of_parameter(const ParameterSpec& spec, const JsonNode& node) {
  if (spec.type == ParameterType::kEcho) {
    context_->report(node, fmt::format("'{}' needs the octets that it shall carry", spec.name),
                     fmt::format(R"({{"param": "{}", "data": "..."}})", spec.name));
    return {};
  }
  const auto& parameters = context_->parameters();
  if (const auto found = parameters.payloads.find(spec.name); found != parameters.payloads.end())
    return found->second;
  const auto found = parameters.matchers.find(spec.name);
  if (found == parameters.matchers.end()) {
    context_->needs_parameter(spec.name);
    return Payload(Bytes("?"));  // never sent: the scenario is skipped
  }
  if (const auto* exact = std::get_if<ExactMatch>(&found->second)) return exact->payload;
  context_->report(
      node, fmt::format("the profile gives a matcher for '{}', but octets are due", spec.name));
  return {};
}

const Bytes* PayloadReader::constant(const Payload& payload, const JsonNode& node) {
  const auto* octets = payload.constant();
  if (octets == nullptr)
    context_->report(node, "these octets depend on the run, but must be known before it",
                     "leave out what a step captures, and addresses");
  return octets;
}

Payload PayloadReader::echo(const JsonNode& node) {
  const auto* name = value(node, "param", JsonNode::Kind::kString);
  const auto* data = node.find("data");
  if (name == nullptr) return {};
  const auto* spec = find_parameter(name->string);
  if (spec == nullptr || spec->type != ParameterType::kEcho || data == nullptr) {
    context_->report(*name, "'param' names \"echo_request\" or \"echo_reply\", with \"data\"",
                     R"({"param": "echo_request", "data": "..."}; others stand as "${request}")");
    return {};
  }
  context_->note_profile_octets();
  const auto carried = payload(*data);
  const auto* octets = constant(carried, *data);
  const auto found = context_->parameters().payloads.find(spec->name);
  if (octets == nullptr || found == context_->parameters().payloads.end()) {
    context_->needs_parameter(spec->name);
    return Payload(Bytes("?"));
  }
  auto filled = found->second.with_data(*octets);
  const auto problem = filled.unframable();
  if (!problem) return filled;
  context_->exclude(node, describe_unframable(*problem));
  return Payload(Bytes("?"));
}

/// A place inside so many octets: from the front, from the end where it is negative, or "middle".
std::size_t PayloadReader::cut(const JsonNode& node, std::string_view key, std::size_t size,
                               std::size_t fallback) {
  const auto* place = node.find(key);
  if (place == nullptr) return fallback;
  if (place->kind == JsonNode::Kind::kString && place->string == "middle") return size / 2;
  if (place->kind != JsonNode::Kind::kInteger) {
    context_->report(*place, fmt::format("'{}' must be a whole number or \"middle\"", key),
                     "a negative one counts from the end");
    return fallback;
  }
  const auto length = static_cast<std::int64_t>(size);
  const auto at = place->integer < 0 ? place->integer + length : place->integer;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, length));
}

Payload PayloadReader::slice(const JsonNode& node) {
  const auto& of = *node.find("slice");
  const auto whole = payload(of);
  const auto* octets = constant(whole, of);
  if (octets == nullptr) return {};
  const auto from = cut(node, "from", octets->size(), 0);
  const auto to = cut(node, "to", octets->size(), octets->size());
  return Payload(from < to ? octets->substr(from, to - from) : Bytes());
}

std::optional<Framing> PayloadReader::framing(const JsonNode& node) {
  const auto octets_of = [this](const JsonNode& octets) -> std::optional<Bytes> {
    const auto before = context_->mistakes();
    const auto whole = payload(octets);
    if (context_->mistakes() != before) return std::nullopt;
    const auto* known = constant(whole, octets);
    return known == nullptr ? std::nullopt : std::optional(*known);
  };
  return read_framing(node, octets_of, *context_);
}

Payload PayloadReader::framed(const JsonNode& node) {
  const auto before = context_->mistakes();
  auto body = payload(*node.find("frame"));
  const auto* own = node.find("framing");
  const auto by = own == nullptr ? context_->framing() : framing(*own);
  if (own == nullptr && !by)
    context_->exclude(node, std::string(kNoFraming), std::string(kNoFramingHint));
  if (!by) return Payload(Bytes("?"));
  Payload whole;
  whole.append_frame(*by, std::move(body));
  const auto problem = whole.unframable();
  if (!problem || context_->mistakes() != before) return whole;
  if (own == nullptr) {
    context_->exclude(node, describe_unframable(*problem));
  } else {
    context_->report(node, describe_unframable(*problem));
  }
  return Payload(Bytes("?"));
}

Payload PayloadReader::encoded(const JsonNode& node, Encoding encoding) {
  if (const auto* spec = parameter(node)) return of_parameter(*spec, node);
  const auto filled = text(node);
  Variables as_written;  // what the run fills in counts as it stands in the file
  for (const auto& name : filled.names()) as_written[name] = fmt::format("${{{}}}", name);
  auto octets = encode(encoding, filled.with(as_written).constant().value_or(""));
  if (const auto* error = std::get_if<EncodeError>(&octets)) {
    context_->report(
        node, describe(*error, encoding),
        "choose another encoding: {\"text\": \"...\", \"encoding\": \"utf-8\"}, or give "
        "the octets: {\"hex\": \"...\"}");
    return {};
  }
  if (as_written.empty()) return Payload(std::move(std::get<Bytes>(octets)));
  Payload payload;
  payload.append(filled, encoding);
  return payload;
}

Encoding PayloadReader::encoding_of(const JsonNode& node) {
  const auto* name = node.find("encoding");
  if (name == nullptr) return encoding_;
  return read_encoding(*name, *context_).value_or(encoding_);
}

Payload PayloadReader::digits(const JsonNode& node, std::string_view key) {
  const auto* digits = value(node, key, JsonNode::Kind::kString);
  if (digits == nullptr) return {};
  auto octets = key == "hex" ? from_hex(digits->string) : from_base64(digits->string);
  if (octets) return Payload(std::move(*octets));
  context_->report(*digits, fmt::format("bad {}", key),
                   key == "hex" ? "pairs of hex digits, such as \"c4 e3\""
                                : "base64 of RFC 4648, with its padding");
  return {};
}

Payload PayloadReader::file(const JsonNode& node) {
  const auto* name = value(node, "file", JsonNode::Kind::kString);
  if (name == nullptr) return {};
  const auto path = std::filesystem::path(context_->file()).parent_path() / name->string;
  auto octets = read_file(path.string());
  if (const auto* problem = std::get_if<FileProblem>(&octets)) {
    context_->report(*name, fmt::format("'{}': {}", printable(path.string()), problem->message),
                     "a payload's file is looked for beside the suite's file");
    return {};
  }
  return Payload(std::move(std::get<std::string>(octets)));
}

Payload PayloadReader::repeated(const JsonNode& node) {
  const auto* times = value(node, "times", JsonNode::Kind::kInteger);
  const auto part = payload(*node.find("repeat"));
  if (times == nullptr) return {};
  if (times->integer < 1) {
    context_->report(*times, "'times' must be at least 1");
    return {};
  }
  const auto weight = part.weight();
  if (weight == 0) return {};
  if (static_cast<std::uint64_t>(times->integer) > kLargestPayload / weight) {
    context_->report(*times, kTooLarge);
    return {};
  }
  const auto count = static_cast<std::size_t>(times->integer);
  if (const auto* octets = part.constant()) return Payload(repeat(*octets, count));
  Payload all;
  for (std::size_t i = 0; i < count; ++i) all.append(part);
  return all;
}

Payload PayloadReader::random(const JsonNode& node) {
  const auto* size = value(node, "random", JsonNode::Kind::kInteger);
  const auto* seed = value(node, "seed", JsonNode::Kind::kInteger);
  if (size == nullptr || seed == nullptr) return {};
  if (size->integer < 1) {
    context_->report(*size, "'random' must be at least 1: how many octets");
    return {};
  }
  if (static_cast<std::uint64_t>(size->integer) > kLargestPayload) {
    context_->report(*size, kTooLarge);
    return {};
  }
  std::mt19937_64 generator(static_cast<std::uint64_t>(seed->integer));
  Bytes octets(static_cast<std::size_t>(size->integer), '\0');
  for (auto& octet : octets) octet = static_cast<char>(generator() & 0xff);
  return Payload(std::move(octets));
}

Payload PayloadReader::listed(const JsonNode& node) {
  Payload all;
  for (const auto& item : node.items) {
    all.append(payload(item));
    if (all.weight() <= kLargestPayload) continue;
    context_->report(item, kTooLarge);
    return {};
  }
  return all;
}

Payload PayloadReader::object(const JsonNode& node) {
  const auto* kind = only_kind(node, OctetKinds::kPayloads, *context_);
  if (kind == nullptr) return {};
  const auto& key = kind->key;
  if (!is_payload_key(key)) {
    context_->report(kind->key_position,
                     fmt::format("'{}' is a matcher, but a payload is due", key),
                     suggest("", payload_keys()));
    return {};
  }
  std::vector<std::string> known{key};
  if (key == "text") known.emplace_back("encoding");
  if (key == "repeat") known.emplace_back("times");
  if (key == "random") known.emplace_back("seed");
  if (key == "param") known.emplace_back("data");
  if (key == "slice") known.insert(known.end(), {"from", "to"});
  if (key == "frame") known.emplace_back("framing");
  context_->refuse_unknown_keys(node, known, fmt::format("a '{}' payload", key));
  if (key == "text") return encoded(kind->value, encoding_of(node));
  if (key == "file") return file(node);
  if (key == "repeat") return repeated(node);
  if (key == "random") return random(node);
  if (key == "param") return echo(node);
  if (key == "slice") return slice(node);
  if (key == "frame") return framed(node);
  return digits(node, key);
}

Payload PayloadReader::payload(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::kString: return encoded(node, encoding_);
    case JsonNode::Kind::kObject: return object(node);
    case JsonNode::Kind::kArray: return listed(node);
    default:
      context_->report(
          node, fmt::format("a payload cannot be {}", kind_name(node.kind)),
          "text in quotes, an object such as {\"hex\": \"c4 e3\"}, or a list of these");
      return {};
  }
}

}  // namespace dialtone
