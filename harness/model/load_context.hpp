#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/clock.hpp"
#include "harness/model/diagnostic.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/parameter.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

/// What reading one file needs: its name for diagnostics, and the variables that have a value
/// before anything runs.
class LoadContext {
 public:
  LoadContext(std::string file, Variables variables, Diagnostics& diagnostics)
      : file_(std::move(file)),
        variables_(std::move(variables)),
        diagnostics_(&diagnostics),
        first_(diagnostics.size()) {}

  const std::string& file() const { return file_; }
  Variables& variables() { return variables_; }
  const Variables& variables() const { return variables_; }

  const Parameters& parameters() const { return parameters_; }
  void set_parameters(Parameters parameters) { parameters_ = std::move(parameters); }

  /// The profile's; nullopt where it has none.
  const std::optional<Framing>& framing() const { return framing_; }
  void set_framing(std::optional<Framing> framing) { framing_ = std::move(framing); }

  /// A profile's octets, or what must be like them, are taken for what is read.
  void note_profile_octets() { has_profile_octets_ = true; }
  /// Whether that was noted since the last time that this was asked.
  bool take_profile_octets_note() { return std::exchange(has_profile_octets_, false); }

  /// Pieces of scenarios that `use` refers to, by name: an object, or nullptr.
  const JsonNode* fragments() const { return fragments_; }
  void set_fragments(const JsonNode* fragments) { fragments_ = fragments; }

  /// Where capabilities go that what is read turns out to need; nullptr: nowhere.
  void collect_needs(std::set<std::string>* needs) { needs_ = needs; }
  /// Whether `name` is a parameter. One that the profile does not give becomes a need, so that what
  /// uses it is skipped.
  bool needs_parameter(std::string_view name);

  /// Where the reason goes why a scenario that is read cannot be run against this profile; nullptr:
  /// it is the profile that is read.
  void collect_exclusion(std::string* reason) { exclusion_ = reason; }
  /// The profile rules out what `node` says: a reason to skip the scenario; in the profile itself a
  /// mistake.
  void exclude(const JsonNode& node, std::string reason, std::string hint = {});

  /// The text of a field whose value may stand in a variable: `${name}` filled in; nullopt where
  /// that has no value. Reports nothing.
  std::optional<std::string> filled(const JsonNode& node) const;
  /// Reports a `${name}` that nothing gives a value; false then. One of a parameter becomes a need.
  bool check_filled(const JsonNode& node);

  SourceLocation at(const JsonNode& node) const;
  void report(const JsonNode& node, std::string message, std::string hint = {});
  void report(Position place, std::string message, std::string hint = {});

  /// Reports unless `node` has this kind: "'id' must be a string, but is a number".
  bool expect_kind(const JsonNode& node, JsonNode::Kind kind, std::string_view what);

  /// Reports every member of `object` whose key is not in `known`.
  void refuse_unknown_keys(const JsonNode& object, const std::vector<std::string>& known,
                           std::string_view what);

  /// How many diagnostics there are: the same number before and after means that nothing was wrong.
  std::size_t mistakes() const { return diagnostics_->size(); }

  /// Brings what was reported through this context into the order of the file, each mistake once.
  void sort_reports();

 private:
  std::string file_;
  Variables variables_;
  Parameters parameters_;
  const JsonNode* fragments_ = nullptr;
  std::set<std::string>* needs_ = nullptr;
  std::string* exclusion_ = nullptr;
  std::optional<Framing> framing_;
  bool has_profile_octets_ = false;
  Diagnostics* diagnostics_;
  std::size_t first_;  // of the diagnostics that are this file's
};

/// What `node` is, for a message that says what it must be: "a string", "true", and where a whole
/// number is wanted the number that it is.
std::string found_instead(const JsonNode& node, JsonNode::Kind wanted);

/// The duration that `node`, the value of `what`, holds; reported, and nullopt, where it holds
/// none.
std::optional<Duration> read_duration(const JsonNode& node, std::string_view what,
                                      LoadContext& context);

}  // namespace dialtone
