#include "reports/live_console.hpp"

#include <fmt/format.h>

#include "harness/model/scenario.hpp"
#include "reports/conversation.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kOctets = 16;  // as the console's blocks have it
constexpr std::size_t kNameWidth = 8;

}  // namespace

LiveConsole::LiveConsole(Console& console, const std::vector<PlannedScenario>& plan,
                         bool shows_events)
    : console_(console), plan_(plan), shows_events_(shows_events) {}

int LiveConsole::begin(std::size_t place, const std::string& variant) {
  const auto& scenario = *plan_.at(place).scenario;
  console_.started(place, scenario.id, Clock::now());
  ++last_;
  if (shows_events_) {
    const auto name = variant.empty() ? scenario.id : fmt::format("{} ({})", scenario.id, variant);
    runs_.emplace(last_, Run{name, scenario.encoding});
  }
  return last_;
}

void LiveConsole::add(int run, const Event& event) {
  if (!shows_events_) return;
  const auto& [name, encoding] = runs_.at(run);
  const ConversationOptions options{.encoding = encoding, .events = 1, .octets = kOctets};
  for (const auto& line : render_conversation({event}, options))
    console_.happened(fmt::format("{:<{}}  {}", name, kNameWidth, line.text));
}

}  // namespace dialtone
