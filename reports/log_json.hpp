#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "harness/model/bytes.hpp"
#include "harness/model/event.hpp"

/// What the event log and the report `json` hold, as JSON. The README documents the fields.
namespace dialtone {

struct RunResult;
struct Scenario;
struct ScenarioResult;
struct Suite;
struct Totals;

using LogJson = nlohmann::ordered_json;

/// A string where the octets are UTF-8; else, as JSON has no other octets, {"hex": "c4e3"}.
LogJson text_json(std::string_view text);

/// Two lower-case digits an octet, without spaces: "c4e3".
LogJson octets_json(ByteView octets);

/// What is known of a run before it begins: target, host, rerun, strict, started_ns, the version of
/// this program, and what part of a whole it is.
LogJson head_json(const RunResult& run);
LogJson totals_json(const Totals& totals);
LogJson suite_json(const Suite& suite);
/// `suite`: its number. The file of a place is left out where it is the suite's.
LogJson definition_json(const Scenario& scenario, const Suite& suite, int suite_number);
/// at_ns, step, connection, kind, and what the kind carries.
LogJson event_json(const Event& event);
/// All but the transcript. What is empty is left out.
LogJson result_json(const ScenarioResult& result);

/// On one line, in printable ASCII, whatever the strings hold.
std::string dump(const LogJson& json);

}  // namespace dialtone
