#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/scope.hpp"
#include "harness/model/step_spec.hpp"

namespace dialtone {

/// `{"expect_eof": true}`: the field names no connection, so the only one is meant.
bool names_nothing(const JsonNode& value);

/// Whether `word` is one of the field's choices.
bool is_choice(const Field& field, const JsonNode& word);

/// The whole number that an integer field holds, as a number or as a text, such as "${name}" with
/// a variable's; nullopt where it holds none, or one that is out of range.
std::optional<std::int64_t> integer_value(const JsonNode& value, const LoadContext& context);

/// Why this verb cannot act on that connection: a UDP socket has no stream and no end, a stream no
/// datagrams. nullopt where it can.
std::optional<std::string> wrong_link(const StepSpec& spec, const Scope& scope,
                                      const std::string& name);

/// Compares one step of a file with its StepSpec: unknown fields, missing ones, wrong types, names
/// that nothing has; and notes the names that the step gives.
class StepCheck {
 public:
  StepCheck(const StepSpec& spec, const JsonNode& node, Scope& scope, LoadContext& context)
      : spec_(&spec), node_(&node), scope_(&scope), context_(&context) {}

  /// True where nothing was wrong.
  bool run();

 private:
  void check_field(const Field& field, const JsonNode& value);
  void check_names(const Field& field, const JsonNode& value);
  void check_name(const Field& field, const JsonNode& value);
  void check_integer(const Field& field, const JsonNode& value);
  void check_list(const Field& field, const JsonNode& value);
  void check_cuts(const Field& field, const JsonNode& value);
  void note_use(const Field& field, const std::string& name);
  bool check_group(const Field& field, const JsonNode& value);
  void check_choice(const Field& field, const JsonNode& value);
  void check_variable(const Field& field, const JsonNode& value);
  void report_type(const Field& field, const JsonNode& value);
  void report_unknown(const Field& field, const JsonNode& value);
  bool replaces_ended(const std::string& name, Scope::Kind kind) const;
  void define(const JsonNode& value, Scope::Kind kind);

  const StepSpec* spec_;
  const JsonNode* node_;
  Scope* scope_;
  LoadContext* context_;
};

}  // namespace dialtone
