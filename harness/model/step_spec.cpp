#include "harness/model/step_spec.hpp"

#include <algorithm>
#include <array>

namespace dialtone {

std::string_view describe(FieldType type) {
  switch (type) {
    case FieldType::kNewConnection: return "a name for the connection";
    case FieldType::kNewSocket: return "a name for the socket";
    case FieldType::kNewListener: return "a name for the listener";
    case FieldType::kNewProgram: return "a name for the program";
    case FieldType::kConnection: return "the name of a connection";
    case FieldType::kConnections:
    case FieldType::kEndedConnections: return "the name of a connection, or a list of names";
    case FieldType::kSeenConnections:
      return "the name of a connection (a closed one too), a list of names, or \"target\"";
    case FieldType::kDescriptor: return "the name of a connection, a socket or a listener";
    case FieldType::kListener: return "the name of a listener";
    case FieldType::kProgram: return "the name of a launched program, or \"target\"";
    case FieldType::kPayload:
      return "a payload: text, or an object such as {\"hex\": \"c4 e3\"}, or a list of them";
    case FieldType::kMatcher: return "a payload, or a matcher such as {\"regex\": \"x+\"}";
    case FieldType::kText: return "a text";
    case FieldType::kAddress: return "an address such as \"127.0.0.1:7788\"";
    case FieldType::kDuration: return "a duration with its unit, such as \"200ms\"";
    case FieldType::kInteger: return "a whole number, zero or more";
    case FieldType::kBoolean: return "true or false";
    case FieldType::kChoice: return "one word of a list";
    case FieldType::kChoices: return "one word of a list, or several as a list";
    case FieldType::kExitCodes:
      return "an exit code (0 to 255), a list of them, or a text such as \"nonzero\" or \"7,52\"";
    case FieldType::kVariable: return "a name for the variable";
    case FieldType::kTiming: return "a name for the times";
    case FieldType::kSteps: return "a list of steps";
    case FieldType::kBranches: return "a list of lists of steps";
    case FieldType::kArguments: return "an object: a name, and what stands for it";
    case FieldType::kCuts:
      return "\"octets\", a place (octets from the front), or a list of places";
  }
  return "";
}

std::span<const Field> common_fields() {
  static constexpr std::array common{
      Field{"within", FieldType::kDuration,
            "deadline of this step, counted from its start; the scenario's timeout by default"},
      Field{"note", FieldType::kText, "for the reader; it does nothing"},
  };
  return common;
}

const Field* find_field(const StepSpec& spec, std::string_view name) {
  const auto matches = [name](const Field& field) { return field.name == name; };
  if (const auto own = std::ranges::find_if(spec.fields, matches); own != spec.fields.end())
    return &*own;
  const auto shared = std::ranges::find_if(common_fields(), matches);
  return shared == common_fields().end() ? nullptr : &*shared;
}

}  // namespace dialtone
