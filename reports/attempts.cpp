#include "reports/attempts.hpp"

#include <fmt/format.h>

#include "harness/model/scenario.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"

namespace dialtone {

std::vector<std::string> attempt_notes(const ScenarioResult& result) {
  std::vector<std::string> notes;
  const auto all = result.attempts.size() + 1;
  for (const auto& attempt : result.attempts) {
    notes.push_back(fmt::format("attempt {} of {}: {}: {}", notes.size() + 1, all,
                                name_of(attempt.verdict), headline(attempt)));
  }
  return notes;
}

const ScenarioResult& told_run(const ScenarioResult& result) {
  return is_flaky(result) ? result.attempts.back() : result;
}

std::string told_headline(const ScenarioResult& result) {
  if (!is_flaky(result)) return headline(result);
  return fmt::format("flaky: it passed at attempt {}, before that: {}", result.attempts.size() + 1,
                     headline(told_run(result)));
}

std::string whole_evidence(const ScenarioResult& result, const std::string& root,
                           std::size_t events) {
  const ConversationOptions options{.encoding = result.scenario->encoding, .events = events};
  const DifferenceStyle style{.mark = DifferenceStyle::Mark::kBars};
  return headline(result) + "\n" + plain_text(render_evidence(result, style, root)) +
         plain_text(render_conversation(result.transcript, options));
}

}  // namespace dialtone
