#include "harness/model/step_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "harness/model/exit_codes.hpp"
#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

/// What a field that gives a name gives it to; nullopt for one that refers to a name.
std::optional<Scope::Kind> defined_kind(FieldType type) {
  switch (type) {
    case FieldType::kNewConnection: return Scope::Kind::kConnection;
    case FieldType::kNewSocket: return Scope::Kind::kSocket;
    case FieldType::kNewListener: return Scope::Kind::kListener;
    case FieldType::kNewProgram: return Scope::Kind::kProgram;
    default: return std::nullopt;
  }
}

/// What a field refers to.
Scope::Kind used_kind(FieldType type) {
  if (type == FieldType::kListener) return Scope::Kind::kListener;
  if (type == FieldType::kProgram) return Scope::Kind::kProgram;
  return Scope::Kind::kConnection;
}

bool may_be_listener(FieldType type) {
  return type == FieldType::kSeenConnections || type == FieldType::kEndedConnections ||
         type == FieldType::kDescriptor;
}

bool may_be_target(FieldType type) {
  return type == FieldType::kSeenConnections || type == FieldType::kProgram;
}

bool may_be_list(FieldType type) {
  return type == FieldType::kConnections || type == FieldType::kEndedConnections ||
         type == FieldType::kSeenConnections;
}

bool may_be_left_out(FieldType type) {
  return !defined_kind(type) && used_kind(type) == Scope::Kind::kConnection;
}

std::string_view noun(Scope::Kind kind) {
  if (kind == Scope::Kind::kListener) return "listener";
  return kind == Scope::Kind::kProgram ? "program" : "connection";
}

std::string_view verb_that_makes(Scope::Kind kind) {
  if (kind == Scope::Kind::kListener) return "listen";
  return kind == Scope::Kind::kProgram ? "spawn" : "connect";
}

/// A name that `${name.port}` can refer to.
bool is_good_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
}

std::vector<std::string> known_fields(const StepSpec& spec) {
  std::vector<std::string> known;
  for (const auto& field : spec.fields) known.emplace_back(field.name);
  for (const auto& field : common_fields()) known.emplace_back(field.name);
  return known;
}

}  // namespace

bool names_nothing(const JsonNode& value) {
  return value.kind == JsonNode::Kind::kBoolean && value.boolean;
}

bool is_choice(const Field& field, const JsonNode& word) {
  return word.kind == JsonNode::Kind::kString &&
         std::ranges::find(field.choices, word.string) != field.choices.end();
}

std::optional<std::int64_t> integer_value(const JsonNode& value, const LoadContext& context) {
  auto number = value.integer;
  if (value.kind == JsonNode::Kind::kString) {
    const auto text = context.filled(value);
    if (!text) return std::nullopt;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  } else if (value.kind != JsonNode::Kind::kInteger) {
    return std::nullopt;
  }
  return number >= 0 && number <= kLargestInteger ? std::optional(number) : std::nullopt;
}

std::optional<std::string> wrong_link(const StepSpec& spec, const Scope& scope,
                                      const std::string& name) {
  if (spec.links == Links::kBoth || !scope.is(name, Scope::Kind::kConnection)) return std::nullopt;
  const bool is_datagrams = scope.is_datagrams(name);
  if (is_datagrams == (spec.links == Links::kDatagrams)) return std::nullopt;
  return fmt::format("'{}' is {}, which '{}' cannot be used on", printable(name),
                     is_datagrams
                         ? "a UDP socket: it has datagrams, and neither a stream nor an end"
                         : "no UDP socket",
                     spec.verb);
}

bool StepCheck::run() {
  const auto before = context_->mistakes();
  const auto is_known = [&](const auto& member) {
    return find_field(*spec_, member.key) != nullptr;
  };
  if (!std::ranges::all_of(node_->members, is_known)) {
    context_->refuse_unknown_keys(*node_, known_fields(*spec_),
                                  fmt::format("step '{}'", spec_->verb));
  }
  for (const auto& field : spec_->fields) {
    if (field.required && node_->find(field.name) == nullptr) {
      context_->report(*node_, fmt::format("step '{}' needs '{}'", spec_->verb, field.name),
                       fmt::format("{}: {}", field.name, field.summary));
    }
  }
  for (const auto& member : node_->members) {
    const auto* field = find_field(*spec_, member.key);
    if (field != nullptr) check_field(*field, member.value);
  }
  return context_->mistakes() == before;
}

void StepCheck::report_type(const Field& field, const JsonNode& value) {
  const bool is_integer = field.type == FieldType::kInteger;
  const auto limit = is_integer && value.integer > kLargestInteger
                         ? fmt::format(" (at most {})", kLargestInteger)
                         : std::string();
  const auto found =
      found_instead(value, is_integer ? JsonNode::Kind::kInteger : JsonNode::Kind::kString);
  context_->report(
      value,
      fmt::format("'{}' must be {}{}, but is {}", field.name, describe(field.type), limit, found),
      suggest("", {field.choices.begin(), field.choices.end()}));
}

void StepCheck::check_field(const Field& field, const JsonNode& value) {
  switch (field.type) {
    case FieldType::kNewConnection:
    case FieldType::kNewSocket:
    case FieldType::kNewListener:
    case FieldType::kNewProgram:
    case FieldType::kConnection:
    case FieldType::kConnections:
    case FieldType::kEndedConnections:
    case FieldType::kSeenConnections:
    case FieldType::kDescriptor:
    case FieldType::kListener:
    case FieldType::kProgram: return check_names(field, value);
    case FieldType::kChoice:
    case FieldType::kChoices: return check_choice(field, value);
    case FieldType::kVariable:
    case FieldType::kTiming: return check_variable(field, value);
    case FieldType::kExitCodes:
      read_exit_codes(value, fmt::format("'{}'", field.name), *context_);
      return;
    case FieldType::kPayload:
    case FieldType::kMatcher: return;  // read, and reported, by PayloadReader
    case FieldType::kText:
    case FieldType::kAddress:
      if (value.kind != JsonNode::Kind::kString) report_type(field, value);
      return;
    case FieldType::kBoolean:
      if (value.kind != JsonNode::Kind::kBoolean) report_type(field, value);
      return;
    case FieldType::kSteps:
    case FieldType::kBranches: return check_list(field, value);
    case FieldType::kArguments:
      context_->expect_kind(value, JsonNode::Kind::kObject, fmt::format("'{}'", field.name));
      return;
    case FieldType::kCuts: return check_cuts(field, value);
    case FieldType::kInteger: return check_integer(field, value);
    case FieldType::kDuration:
      read_duration(value, fmt::format("'{}'", field.name), *context_);
      return;
  }
}

void StepCheck::check_integer(const Field& field, const JsonNode& value) {
  if (value.kind == JsonNode::Kind::kString && !context_->check_filled(value)) return;
  if (!integer_value(value, *context_)) report_type(field, value);
}

void StepCheck::check_list(const Field& field, const JsonNode& value) {
  const std::size_t fewest = field.type == FieldType::kBranches ? 2 : 1;
  if (!context_->expect_kind(value, JsonNode::Kind::kArray, fmt::format("'{}'", field.name)) ||
      value.items.size() >= fewest)
    return;
  if (value.items.empty()) {
    context_->report(value, fmt::format("'{}' is empty", field.name), "it would do nothing");
  } else {
    context_->report(value, fmt::format("'{}' has one branch only", field.name),
                     "two lists at least: [[{ ... }], [{ ... }]]");
  }
}

void StepCheck::check_cuts(const Field& field, const JsonNode& value) {
  if (value.kind == JsonNode::Kind::kString && value.string == "octets") return;
  if (value.kind != JsonNode::Kind::kArray) return check_integer(field, value);
  for (const auto& item : value.items) check_integer(field, item);
}

/// Steps that only look at a connection may do so while another one waits for it.
void StepCheck::note_use(const Field& field, const std::string& name) {
  if (field.type != FieldType::kSeenConnections) scope_->use(name);
}

/// "c.*": all of the connections that a step with `count` made. False where it is no such name.
bool StepCheck::check_group(const Field& field, const JsonNode& value) {
  if (!value.string.ends_with(".*")) return false;
  const auto members = scope_->group(value.string);
  const auto has_ended = [this](const std::string& name) { return scope_->has_ended(name); };
  if (!may_be_list(field.type)) {
    context_->report(value, fmt::format("'{}' takes one connection, not several", field.name));
  } else if (members.empty()) {
    context_->report(value, fmt::format("there is no '{}'", printable(value.string)),
                     "a step with \"count\" makes several: { \"connect\": \"c\", \"count\": 3 }");
  } else if (field.type != FieldType::kSeenConnections && std::ranges::any_of(members, has_ended)) {
    context_->report(
        value, fmt::format("one of '{}' was closed by an earlier step", printable(value.string)));
  }
  for (const auto& member : members) note_use(field, member);
  return true;
}

void StepCheck::check_names(const Field& field, const JsonNode& value) {
  if (value.kind != JsonNode::Kind::kArray || !may_be_list(field.type)) {
    if (names_nothing(value) && may_be_left_out(field.type)) return;
    return check_name(field, value);
  }
  if (value.items.empty()) {
    context_->report(value, fmt::format("'{}' names nothing", field.name),
                     "a list must name one at least");
  }
  std::set<std::string> seen;
  for (const auto& item : value.items) {
    check_name(field, item);
    if (item.kind != JsonNode::Kind::kString) continue;
    auto names = scope_->group(item.string);
    if (names.empty()) names.push_back(item.string);
    const auto again = std::ranges::find_if_not(
        names, [&](const std::string& name) { return seen.insert(name).second; });
    if (again != names.end())
      context_->report(item, fmt::format("'{}' stands twice in this list", printable(*again)));
  }
}

void StepCheck::check_name(const Field& field, const JsonNode& value) {
  if (value.kind != JsonNode::Kind::kString) return report_type(field, value);
  if (const auto kind = defined_kind(field.type)) return define(value, *kind);
  if (check_group(field, value)) return;
  if (may_be_target(field.type) && value.string == "target") return;
  const auto kind = used_kind(field.type);
  const bool is_listener =
      may_be_listener(field.type) && scope_->is(value.string, Scope::Kind::kListener);
  if (!scope_->is(value.string, kind) && !is_listener) return report_unknown(field, value);
  note_use(field, value.string);
  if (auto wrong = wrong_link(*spec_, *scope_, value.string)) context_->report(value, *wrong);
  if (scope_->has_ended(value.string) && field.type != FieldType::kSeenConnections) {
    context_->report(
        value, fmt::format("'{}' was closed by an earlier step", printable(value.string)),
        "or was expected to be refused; connect again before this step, or use another one");
  }
}

void StepCheck::report_unknown(const Field& field, const JsonNode& value) {
  const auto kind = used_kind(field.type);
  auto known = scope_->names(kind);
  if (may_be_listener(field.type)) {
    for (auto& name : scope_->names(Scope::Kind::kListener)) known.push_back(std::move(name));
  }
  if (may_be_target(field.type)) known.emplace_back("target");
  context_->report(value, fmt::format("unknown {} '{}'", noun(kind), printable(value.string)),
                   known.empty() ? fmt::format("there is no {} yet: add a '{}' before this step",
                                               noun(kind), verb_that_makes(kind))
                                 : suggest(value.string, known));
}

/// A connection may take the name of one that has ended.
bool StepCheck::replaces_ended(const std::string& name, Scope::Kind kind) const {
  return kind == Scope::Kind::kConnection && scope_->is(name, kind) && scope_->has_ended(name);
}

void StepCheck::define(const JsonNode& value, Scope::Kind kind) {
  const auto& name = value.string;
  if (!is_good_name(name) || name == "target") {
    context_->report(value, fmt::format("bad name '{}'", printable(name)),
                     "letters, digits, '_' and '-'; \"target\" is what is tested");
  } else if (scope_->knows(name) && !replaces_ended(name, kind)) {
    context_->report(value, fmt::format("'{}' is already in use", printable(name)),
                     "choose another name");
    return;
  }
  scope_->define(name, kind);  // a bad one too, so that its uses are not reported as well
}

void StepCheck::check_choice(const Field& field, const JsonNode& value) {
  const auto check_one = [&](const JsonNode& word) {
    if (word.kind != JsonNode::Kind::kString) return report_type(field, word);
    if (is_choice(field, word)) return;
    context_->report(word, fmt::format("'{}' cannot be '{}'", field.name, printable(word.string)),
                     suggest(word.string, {field.choices.begin(), field.choices.end()}));
  };
  if (value.kind != JsonNode::Kind::kArray || field.type != FieldType::kChoices) {
    return check_one(value);
  }
  if (value.items.empty()) {
    context_->report(value, fmt::format("'{}' names nothing", field.name),
                     "a list must name one at least");
  }
  for (const auto& item : value.items) check_one(item);
}

void StepCheck::check_variable(const Field& field, const JsonNode& value) {
  if (value.kind != JsonNode::Kind::kString) return report_type(field, value);
  if (is_good_name(value.string)) return;
  context_->report(value,
                   fmt::format("bad name '{}' for {}", printable(value.string),
                               field.type == FieldType::kTiming ? "a time" : "a variable"),
                   "letters, digits, '_' and '-'");
}

}  // namespace dialtone
