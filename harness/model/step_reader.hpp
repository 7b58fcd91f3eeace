#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/matcher.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/scope.hpp"
#include "harness/model/step_spec.hpp"

namespace dialtone {

/// One step of a file, as its verb's `parse` sees it. Types and names were checked against the
/// StepSpec before; what a getter returns for a field that is absent, or was reported to be wrong,
/// is the fallback, or nothing: `parse` runs then too, to find what else is wrong, and the step
/// never does.
class StepReader {
 public:
  StepReader(const StepSpec& spec, const JsonNode& node, Encoding encoding, Scope& scope,
             std::set<std::string>& needs, LoadContext& context);

  /// Reports unknown fields, missing ones, wrong types and wrong names; true where it found
  /// nothing.
  bool check();

  bool has(std::string_view field) const { return node_->find(field) != nullptr; }
  std::string name(std::string_view field) const;  ///< as written
  std::string connection(std::string_view field);  ///< the only connection where it is absent
  std::vector<std::string> connections(std::string_view field);
  std::string text_or(std::string_view field, std::string fallback) const;  ///< no variables
  Template text(std::string_view field, std::string_view fallback);
  Payload payload(std::string_view field);
  Matcher matcher(std::string_view field);
  Duration duration(std::string_view field, Duration fallback) const;
  int integer(std::string_view field, int fallback) const;
  bool flag(std::string_view field) const;
  std::vector<std::string> choices(std::string_view field) const;
  /// Of a field of exit codes: those that it lists; none for "nonzero".
  std::vector<int> exit_codes(std::string_view field) const;

  /// The scenario needs this capability because of what the step says.
  void need(std::string capability) { needs_->insert(std::move(capability)); }

  void report(std::string_view field, std::string message, std::string hint = {});

  Encoding encoding() const { return encoding_; }
  Scope& scope() { return *scope_; }

 private:
  const StepSpec* spec_;
  const JsonNode* node_;
  Encoding encoding_;
  Scope* scope_;
  std::set<std::string>* needs_;
  LoadContext* context_;
};

}  // namespace dialtone
