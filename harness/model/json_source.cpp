#include "harness/model/json_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "harness/model/json_cursor.hpp"
#include "harness/model/json_mistake.hpp"
#include "harness/model/json_word.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

/// Walks over a text and tells an outside counter how far it came: the library reports values
/// without places.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t& consumed) : at_(at), consumed_(&consumed) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

/// Builds the tree from the parser's events (nlohmann's SAX interface: false ends the parsing). At
/// each event the parser has consumed exactly that token, but for numbers, behind which it has read
/// one octet more.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view file, std::string_view text, const std::size_t& consumed,
              Diagnostics& diagnostics)
      : file_(file), consumed_(consumed), diagnostics_(diagnostics), cursor_(text) {
    open_.reserve(kMaxJsonDepth);
  }

  JsonNode& root() { return root_; }

  bool null() {
    add(JsonNode::Kind::kNull);
    return accept_literal("null");
  }
  bool boolean(bool value) {
    add(JsonNode::Kind::kBoolean).boolean = value;
    return accept_literal(value ? "true" : "false");
  }
  bool string(const std::string& value) {
    add(JsonNode::Kind::kString).string = value;
    return accept();
  }
  bool number_integer(std::int64_t value) { return add_integer(value); }
  bool number_unsigned(std::uint64_t value);
  bool number_float(double value, const std::string& written);
  bool start_object(std::size_t) { return open(JsonNode::Kind::kObject); }
  bool start_array(std::size_t) { return open(JsonNode::Kind::kArray); }
  bool key(const std::string& name);
  bool end_object() {
    report_repeated_keys(open_.back()->members);
    return close();
  }
  bool end_array() { return close(); }
  bool binary(const std::vector<std::uint8_t>&) { return false; }  // never comes from a text
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&);

 private:
  using After = JsonProgress::After;

  JsonNode& add(JsonNode::Kind kind);
  bool add_integer(std::int64_t value, bool fits = true);
  bool accept_number();
  bool accept_literal(std::string_view literal);
  bool accept();
  bool open(JsonNode::Kind kind);
  bool close();
  void report_repeated_keys(const std::vector<JsonNode::Member>& members);

  std::string_view file_;
  const std::size_t& consumed_;
  Diagnostics& diagnostics_;
  JsonCursor cursor_;
  After after_ = After::kNothing;
  JsonNode root_;
  std::vector<JsonNode*> open_;  // stays valid: a node's siblings come only when it is closed
  std::vector<const JsonNode::Member*> by_key_;  // scratch of report_repeated_keys
};

JsonNode& TreeBuilder::add(JsonNode::Kind kind) {
  JsonNode* node = &root_;
  if (!open_.empty()) {
    JsonNode& parent = *open_.back();
    node = parent.kind == JsonNode::Kind::kObject ? &parent.members.back().value
                                                  : &parent.items.emplace_back();
  }
  cursor_.skip_to_token();
  node->kind = kind;
  node->position = cursor_.position();
  return *node;
}

bool TreeBuilder::accept() {
  cursor_.advance_to(consumed_);
  after_ = After::kValue;
  return true;
}

/// A number ends where its word ends; the parser would split "01" into 0 and 1, and complain of a
/// missing comma.
bool TreeBuilder::accept_number() {
  const std::string_view word = json_word(cursor_.rest());
  if (!is_json_number(word)) {
    diagnostics_.push_back(explain_json_number(file_, cursor_.position(), word));
    return false;
  }
  cursor_.advance(word.size());
  after_ = After::kValue;
  return true;
}

/// For the same reason: "nullx" is one word, not null and then something else.
bool TreeBuilder::accept_literal(std::string_view literal) {
  const std::string_view word = json_word(cursor_.rest());
  if (word == literal) return accept();
  diagnostics_.push_back(explain_json_literal(file_, cursor_.position(), word));
  return false;
}

bool TreeBuilder::add_integer(std::int64_t value, bool fits) {
  JsonNode& node = add(JsonNode::Kind::kInteger);
  node.integer = value;
  node.number = static_cast<double>(value);
  const std::string_view word = json_word(cursor_.rest());
  if (!accept_number()) return false;
  if (!fits) diagnostics_.push_back(explain_json_number(file_, node.position, word));
  return true;
}

bool TreeBuilder::number_unsigned(std::uint64_t value) {
  if (value > std::uint64_t{kLargest}) return add_integer(kLargest, false);
  return add_integer(static_cast<std::int64_t>(value));
}

/// Also called for whole numbers beyond 64 bits.
bool TreeBuilder::number_float(double value, const std::string& written) {
  if (written.find_first_not_of("-0123456789") == std::string::npos) {
    return add_integer(value < 0 ? kSmallest : kLargest, false);
  }
  JsonNode& node = add(JsonNode::Kind::kNumber);
  node.number = value;
  const std::string_view word = json_word(cursor_.rest());
  if (!accept_number()) return false;
  const std::string_view digits = word.substr(0, word.find_first_of("eE"));
  const bool vanished = value == 0 && digits.find_first_of("123456789") != std::string_view::npos;
  if (vanished) diagnostics_.push_back(explain_json_number(file_, node.position, word));
  return true;
}

bool TreeBuilder::key(const std::string& name) {
  cursor_.skip_to_token();
  JsonNode::Member& member = open_.back()->members.emplace_back();
  member.key = name;
  member.key_position = cursor_.position();
  cursor_.advance_to(consumed_);
  after_ = After::kKey;
  return true;
}

bool TreeBuilder::open(JsonNode::Kind kind) {
  JsonNode& node = add(kind);
  if (open_.size() == kMaxJsonDepth) {
    diagnostics_.push_back(
        {locate(file_, node.position),
         fmt::format("arrays and objects are nested deeper than {} levels", kMaxJsonDepth),
         "is a closing bracket missing further up?"});
    return false;
  }
  open_.push_back(&node);
  cursor_.advance_to(consumed_);
  after_ = After::kOpening;
  return true;
}

bool TreeBuilder::close() {
  open_.pop_back();
  return accept();
}

bool TreeBuilder::parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
  const JsonNode* innermost = open_.empty() ? nullptr : open_.back();
  diagnostics_.push_back(explain_json_mistake(file_, {cursor_, after_, innermost}));
  return false;
}

/// Sorting keeps an object of a hundred thousand keys cheap.
void TreeBuilder::report_repeated_keys(const std::vector<JsonNode::Member>& members) {
  by_key_.clear();
  for (const JsonNode::Member& member : members) by_key_.push_back(&member);
  std::sort(by_key_.begin(), by_key_.end(), [](const auto* left, const auto* right) {
    const int order = left->key.compare(right->key);
    return order != 0 ? order < 0 : left < right;  // of the same vector: the file's order
  });
  const JsonNode::Member* first = nullptr;
  for (const JsonNode::Member* member : by_key_) {
    if (first == nullptr || first->key != member->key) {
      first = member;
      continue;
    }
    diagnostics_.push_back(
        {locate(file_, member->key_position),
         fmt::format("the key '{}' stands twice in this object", shortened(member->key)),
         fmt::format("remove one of the two; the first is at line {}, column {}",
                     first->key_position.line, first->key_position.column)});
  }
}

/// The first octet that no JSON text may hold. NUL above all: the parser takes it for the end of
/// the text.
std::optional<std::size_t> find_bad_octet(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet < 0x80) {
      const bool control = octet < ' ' && octet != '\n' && octet != '\t' && octet != '\r';
      if (control) return at;
      ++at;
      continue;
    }
    const auto character = decode_utf8(text, at);
    if (!character) return at;
    at += character->length;
  }
  return std::nullopt;
}

/// What makes the text as a whole unreadable, before a parser sees it.
std::optional<Diagnostic> refuse_text(std::string_view file, std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return Diagnostic{locate(file, {1, 1}), "the file begins with a byte order mark (ef bb bf)",
                      "remove the byte order mark: save the file as UTF-8 without BOM"};
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return Diagnostic{locate(file, {1, 1}), "the file is in UTF-16, not in UTF-8",
                      "save the file as UTF-8 without BOM"};
  }
  const auto bad = find_bad_octet(text);
  if (!bad) return std::nullopt;
  JsonCursor cursor(text);
  cursor.advance_to(*bad);
  return explain_bad_octet(file, cursor);
}

bool precedes(const Diagnostic& left, const Diagnostic& right) {
  return std::tie(left.where.line, left.where.column) <
         std::tie(right.where.line, right.where.column);
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string_view kind_name(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::kNull: return "null";
    case JsonNode::Kind::kBoolean: return "true or false";
    case JsonNode::Kind::kInteger:
    case JsonNode::Kind::kNumber: return "a number";
    case JsonNode::Kind::kString: return "a string";
    case JsonNode::Kind::kArray: return "an array";
    case JsonNode::Kind::kObject: return "an object";
  }
  return "";
}

SourceLocation locate(std::string_view file, Position position) {
  return {std::string(file), position.line, position.column};
}

std::optional<JsonNode> parse_json(std::string_view file_name, std::string_view text,
                                   Diagnostics& diagnostics) {
  if (auto refusal = refuse_text(file_name, text)) {
    diagnostics.push_back(*std::move(refusal));
    return std::nullopt;
  }
  const auto earlier = static_cast<std::ptrdiff_t>(diagnostics.size());
  std::size_t consumed = 0;
  TreeBuilder builder(file_name, text, consumed, diagnostics);
  const char* const end = text.data() + text.size();
  const bool parsed = nlohmann::json::sax_parse(
      CountingIterator(text.data(), consumed), CountingIterator(end, consumed), &builder,
      nlohmann::json::input_format_t::json, /*strict=*/true, /*ignore_comments=*/true);
  // A repeated key is known only when its object ends, after what is wrong inside.
  std::stable_sort(diagnostics.begin() + earlier, diagnostics.end(), precedes);
  if (!parsed) return std::nullopt;
  return std::move(builder.root());
}

}  // namespace dialtone
