#include "harness/cli/framing_option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/cli/octet_escapes.hpp"
#include "harness/cli/profile_template.hpp"
#include "harness/model/payload_reader.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kForms =
    "line, oneshot, until_eof, fixed:16, delimiter:\\r\\n, length_prefix:4 or "
    "length_prefix:2,little,whole";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char letter : text) {
    if (letter == ',') {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

/// Nine at most, so that no number is too large to be read.
bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos &&
         (text.size() == 1 || text.front() != '0');
}

/// As the profile has it; empty where it is none.
std::string length_prefix(std::string_view value) {
  const auto words = words_of(value);
  if (!is_number(words.front())) return {};
  std::string order = "big";
  std::string counts = "body";
  for (auto word = words.begin() + 1; word != words.end(); ++word) {
    if (*word == "big" || *word == "little") {
      order = *word;
    } else if (*word == "body" || *word == "whole") {
      counts = *word;
    } else {
      return {};
    }
  }
  return fmt::format(R"({{ "length_prefix": {{ "octets": {}, "order": "{}", "counts": "{}" }} }})",
                     words.front(), order, counts);
}

std::string with_value(std::string_view kind, std::string_view value) {
  if (kind == "length_prefix") return length_prefix(value);
  if ((kind == "fixed" || kind == "oneshot") && is_number(value))
    return fmt::format(R"({{ "{}": {} }})", kind, value);
  if (kind != "delimiter") return {};
  const auto octets = unescape(value);
  const auto* good = std::get_if<Unescaped>(&octets);
  return good == nullptr ? std::string()
                         : fmt::format(R"({{ "delimiter": {} }})", payload_json(good->octets));
}

std::string json_of(std::string_view typed) {
  if (typed == "line" || typed == "oneshot" || typed == "until_eof")
    return fmt::format("\"{}\"", typed);
  const auto colon = typed.find(':');
  return colon == typed.npos ? std::string()
                             : with_value(typed.substr(0, colon), typed.substr(colon + 1));
}

}  // namespace

std::variant<TypedFraming, std::string> parse_framing(const std::string& typed) {
  if (typed == "unknown") return TypedFraming{};
  const auto json = json_of(typed);
  if (json.empty()) return fmt::format("it must be {}, or unknown", kForms);
  Diagnostics diagnostics;
  LoadContext context("--framing", {}, diagnostics);
  const auto node = parse_json("--framing", json, diagnostics);
  const Scope scope;
  auto framing = PayloadReader(Encoding::kUtf8, scope, context).framing(node.value());
  if (!framing) return diagnostics.front().message;
  return TypedFraming{json, std::move(framing)};
}

}  // namespace dialtone
