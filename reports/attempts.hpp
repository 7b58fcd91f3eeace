#pragma once

#include <string>
#include <vector>

#include "harness/model/result.hpp"

namespace dialtone {

/// "attempt 1 of 3: fail: step 3: octets differ at offset 4", printable, for each run that failed
/// before the one that counts (--retries); none without.
std::vector<std::string> attempt_notes(const ScenarioResult& result);

/// The run that has something to show: of a flaky scenario the last that failed, else itself.
const ScenarioResult& told_run(const ScenarioResult& result);

/// One line, printable: the headline, or "flaky: it passed at attempt 2, before that: step 3: ...".
std::string told_headline(const ScenarioResult& result);

/// For people, all of one run: headline, evidence and conversation. Printable. `events`: as in
/// ConversationOptions; `root`: as in ReportOptions.
std::string whole_evidence(const ScenarioResult& result, const std::string& root,
                           std::size_t events);

}  // namespace dialtone
