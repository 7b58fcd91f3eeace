#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace dialtone {

class Step;
class StepReader;
struct ExpandedStep;

/// What a field of a step takes. The loader checks it, `dialtone steps` and the JSON Schema say it.
enum class FieldType {
  kNewConnection,     ///< a name that the step gives to a connection
  kNewSocket,         ///< ... to a socket of the harness' own
  kNewListener,       ///< ... to a listener of the harness' own
  kNewProgram,        ///< ... to a program that it launches
  kConnection,        ///< an open connection or socket; the only one where it is left out
  kConnections,       ///< one, or a list
  kEndedConnections,  ///< one, or a list, which the step ends
  kSeenConnections,   ///< one, or a list, ended ones too: the kernel may still show them; or
                      ///< "target"
  kDescriptor,        ///< an open connection, socket or listener
  kListener,
  kProgram,  ///< a launched program, or "target"
  kPayload,
  kMatcher,
  kText,     ///< with variables
  kAddress,  ///< "host:port", with variables
  kDuration,
  kInteger,  ///< zero or more
  kBoolean,
  kChoice,     ///< one of `choices`
  kChoices,    ///< one of `choices`, or a list of them
  kExitCodes,  ///< an exit code, a list of them, or a text of them, also `${name}`
  kVariable,   ///< the name of a variable that the step sets
  kTiming,     ///< the name under which the times of steps are kept
  kSteps,      ///< a list of steps
  kBranches,   ///< lists of steps
  kArguments,  ///< an object: names, and what stands for each
  kCuts,       ///< where octets are cut: "octets", a place, or a list of places
};

/// What an integer field may hold at most.
constexpr std::int64_t kLargestInteger = 1'000'000'000;

/// For people: "a duration with its unit, such as \"200ms\"".
std::string_view describe(FieldType type);

struct Field {
  std::string_view name;  ///< the verb itself for the main argument
  FieldType type;
  std::string_view summary;
  bool required = false;
  std::span<const std::string_view> choices = {};
};

/// What kind of link a verb's connections may be.
enum class Links { kStreams, kDatagrams, kBoth };

/// A verb, as data: errors, schema and documentation come from it, so they cannot disagree.
struct StepSpec {
  std::string_view verb;
  std::string_view summary;
  std::span<const Field> fields;  ///< the main argument first
  std::string_view needs;         ///< capability that every use of the verb needs; may be empty
  std::string_view example;       ///< one step, as JSON
  /// Called after the fields were checked, also where one of them was reported to be wrong
  /// (StepReader says what it reads then). Reports what else is wrong through the reader.
  std::shared_ptr<const Step> (*parse)(StepReader&);
  /// Of a verb that stands for other steps, in place of `parse`: those steps. Called only where
  /// nothing was wrong with its fields; reports what else is wrong through the reader.
  std::vector<ExpandedStep> (*expand)(StepReader&) = nullptr;
  Links links = Links::kStreams;
};

/// Fields that every step takes.
std::span<const Field> common_fields();

const Field* find_field(const StepSpec& spec, std::string_view name);

}  // namespace dialtone
