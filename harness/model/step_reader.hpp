#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/exit_codes.hpp"
#include "harness/model/load_context.hpp"
#include "harness/model/matcher.hpp"
#include "harness/model/payload.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/scope.hpp"
#include "harness/model/step_spec.hpp"

namespace dialtone {

/// One of the steps that a step stands for.
struct ExpandedStep {
  std::string label;  ///< its number within that step: "2", or "17.2" in round 17
  JsonNode node;
};

/// Reads lists of steps that stand inside a step.
class BranchLoader {
 public:
  virtual ~BranchLoader() = default;
  /// `number`: of the branch, from 1.
  virtual std::vector<PlannedStep> read_branch(const JsonNode& list, std::size_t number,
                                               Scope& scope) = 0;
};

/// One step of a file, as its verb's `parse` sees it. Types and names were checked against the
/// StepSpec before; what a getter returns for a field that is absent, or was reported to be wrong,
/// is the fallback, or nothing: `parse` runs then too, to find what else is wrong, and the step
/// never does.
class StepReader {
 public:
  StepReader(const StepSpec& spec, const JsonNode& node, Encoding encoding, Scope& scope,
             std::set<std::string>& needs, LoadContext& context, BranchLoader* branches = nullptr);

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
  ExitCodes exit_codes(std::string_view field, ExitCodes fallback) const;

  /// Where octets are cut: places in ascending order; nullopt: behind each octet.
  std::optional<std::vector<std::size_t>> cuts(std::string_view field) const;
  /// A list of lists of steps, parsed. What one branch makes, later steps know, but not the other
  /// branches; a connection or listener that two of them use is reported.
  std::vector<std::vector<PlannedStep>> branches(std::string_view field);
  /// The step as it stands in the file.
  const JsonNode& step() const { return *node_; }
  /// The field as it stands in the file; nullptr where it is absent.
  const JsonNode* node(std::string_view field) const { return node_->find(field); }
  LoadContext& context() { return *context_; }

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
  BranchLoader* branches_;
};

}  // namespace dialtone
