#include "harness/model/framing_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

constexpr auto kExamples =
    R"("line", "oneshot", "until_eof", {"delimiter": "\r\n"}, {"fixed": 16}, or )"
    R"({"length_prefix": {"octets": 4}})";
constexpr std::array<std::int64_t, 5> kFieldSizes{1, 2, 3, 4, 8};
constexpr std::int64_t kMostAround = 65535;  // octets that a length does not count

const std::vector<std::string> kWords{"line", "oneshot", "until_eof"};
const std::vector<std::string> kKinds{"delimiter", "length_prefix", "fixed", "oneshot"};

bool is_in(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

class FramingReader {
 public:
  FramingReader(const ReadOctets& octets, LoadContext& context)
      : octets_(octets), context_(context) {}

  std::optional<Framing> read(const JsonNode& node) {
    const auto before = context_.mistakes();
    auto framing = any(node);
    return context_.mistakes() == before ? std::move(framing) : std::nullopt;
  }

 private:
  std::optional<Framing> any(const JsonNode& node) {
    if (node.kind == JsonNode::Kind::kString) return word(node);
    if (node.kind == JsonNode::Kind::kObject) return object(node);
    context_.report(node, fmt::format("a framing cannot be {}", kind_name(node.kind)), kExamples);
    return std::nullopt;
  }

  std::optional<Framing> word(const JsonNode& node) {
    if (node.string == "line") return DelimiterFraming{"\n"};
    if (node.string == "oneshot") return OneShotFraming{};
    if (node.string == "until_eof") return UntilEofFraming{};
    if (is_in(kKinds, node.string)) {
      context_.report(node, fmt::format("'{}' needs a value", node.string), kExamples);
    } else {
      context_.report(node, fmt::format("unknown framing '{}'", printable(node.string)),
                      suggest(node.string, known()));
    }
    return std::nullopt;
  }

  std::optional<Framing> object(const JsonNode& node) {
    const JsonNode::Member* kind = nullptr;
    for (const auto& member : node.members) {
      if (!is_in(kKinds, member.key)) {
        context_.report(member.key_position,
                        fmt::format("unknown framing '{}'", printable(member.key)),
                        is_in(kWords, member.key) ? fmt::format("write \"{}\" alone", member.key)
                                                  : suggest(member.key, known()));
      } else if (kind != nullptr) {
        context_.report(member.key_position,
                        fmt::format("'{}' and '{}' exclude each other", kind->key, member.key),
                        "a profile has one framing, for requests and replies");
      } else {
        kind = &member;
      }
    }
    if (node.members.empty()) context_.report(node, "this is no framing", kExamples);
    return kind == nullptr ? std::nullopt : of_kind(*kind);
  }

  std::optional<Framing> of_kind(const JsonNode::Member& kind) {
    if (kind.key == "delimiter") return delimiter(kind.value);
    if (kind.key == "length_prefix") return length_prefix(kind.value);
    const auto octets = number(kind.value, kind.key, 1, kLargestFrame);
    if (kind.key == "fixed") return FixedFraming{octets};
    return OneShotFraming{octets};
  }

  std::optional<Framing> delimiter(const JsonNode& node) {
    auto octets = octets_(node);
    if (!octets) return std::nullopt;
    if (octets->empty())
      context_.report(node, "'delimiter' is empty, so that no frame would end",
                      R"("delimiter": "\r\n", or {"hex": "00"})");
    return DelimiterFraming{std::move(*octets)};
  }

  std::optional<Framing> length_prefix(const JsonNode& node) {
    if (!context_.expect_kind(node, JsonNode::Kind::kObject, "'length_prefix'"))
      return std::nullopt;
    context_.refuse_unknown_keys(node, {"octets", "order", "counts", "offset", "add"},
                                 "'length_prefix'");
    LengthPrefixFraming framing;
    framing.octets = field_size(node);
    framing.is_little_endian = second_of(node.find("order"), "order", {"big", "little"});
    framing.counts_whole = second_of(node.find("counts"), "counts", {"body", "whole"});
    if (const auto* offset = node.find("offset"))
      framing.offset = number(*offset, "offset", 0, kMostAround);
    if (const auto* add = node.find("add")) framing.add = number(*add, "add", 0, kMostAround);
    return framing;
  }

  std::size_t field_size(const JsonNode& node) {
    const auto* octets = node.find("octets");
    if (octets == nullptr) {
      context_.report(node, "'length_prefix' needs 'octets': how many the length has",
                      R"("length_prefix": {"octets": 4, "order": "big", "counts": "body"})");
      return 1;
    }
    if (!context_.expect_kind(*octets, JsonNode::Kind::kInteger, "'octets'")) return 1;
    if (std::ranges::find(kFieldSizes, octets->integer) == kFieldSizes.end())
      context_.report(*octets, fmt::format("a length cannot have {} octets", octets->integer),
                      "1, 2, 3, 4 or 8");
    return static_cast<std::size_t>(octets->integer);
  }

  /// Whether it is the second of two words; the first one by default.
  bool second_of(const JsonNode* node, std::string_view key,
                 const std::array<std::string_view, 2>& words) {
    if (node == nullptr) return false;
    if (!context_.expect_kind(*node, JsonNode::Kind::kString, fmt::format("'{}'", key)))
      return false;
    if (node->string != words[0] && node->string != words[1])
      context_.report(*node, fmt::format("'{}' must be \"{}\" or \"{}\"", key, words[0], words[1]));
    return node->string == words[1];
  }

  std::size_t number(const JsonNode& node, std::string_view key, std::int64_t least,
                     std::int64_t most) {
    const auto usual = static_cast<std::size_t>(least);
    if (!context_.expect_kind(node, JsonNode::Kind::kInteger, fmt::format("'{}'", key)))
      return usual;
    if (node.integer >= least && node.integer <= most)
      return static_cast<std::size_t>(node.integer);
    context_.report(node, fmt::format("'{}' must be between {} and {} octets", key, least, most));
    return usual;
  }

  static std::vector<std::string> known() {
    auto all = kWords;
    for (const auto& kind : kKinds) {
      if (!is_in(all, kind)) all.push_back(kind);
    }
    return all;
  }

  const ReadOctets& octets_;
  LoadContext& context_;
};

}  // namespace

std::optional<Framing> read_framing(const JsonNode& node, const ReadOctets& octets,
                                    LoadContext& context) {
  return FramingReader(octets, context).read(node);
}

}  // namespace dialtone
