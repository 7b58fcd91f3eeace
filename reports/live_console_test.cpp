#include "reports/live_console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <stdexcept>

#include "harness/model/scenario.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using std::chrono::seconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class LiveConsoleTest : public testing::Test {
 protected:
  LiveConsoleTest() {
    const auto suite = make_suite(2);
    for (const auto& scenario : suite->scenarios)
      plan_.push_back({.suite = suite, .scenario = &scenario, .repetition = 1, .skip_reason = {}});
    run_ = make_run();
    run_.results.push_back(make_result(suite, 0, Verdict::kPass));
  }

  std::string id(std::size_t place) const { return plan_.at(place).scenario->id; }

  std::ostringstream out_;
  std::vector<PlannedScenario> plan_;
  RunResult run_;
};

Event received(Bytes octets) {
  Event event;
  event.connection = "c";
  event.kind = Received{std::move(octets)};
  return event;
}

TEST_F(LiveConsoleTest, ShowsEventsAsTheyHappen) {
  Console console(out_, {.verbosity = 2});
  LiveConsole live(console, plan_, true);
  const auto first = live.begin(0, "");
  const auto second = live.begin(1, "cut after 3");
  live.add(second, received("b"));
  live.add(first, received("a\x1b[2J"));
  EXPECT_THAT(out_.str(), HasSubstr(id(1) + " (cut after 3)  T+"));
  EXPECT_THAT(out_.str(), HasSubstr("<- c  1 octet  62  \"b\""));
  EXPECT_LT(out_.str().find("\"b\""), out_.str().find("5 octets  61 1b"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("\x1b")));
}

TEST_F(LiveConsoleTest, KeepsNothingOfARunThatHasEnded) {
  Console console(out_, {.verbosity = 2});
  LiveConsole live(console, plan_, true);
  const auto run = live.begin(0, "");
  live.end(run);
  EXPECT_THROW(live.add(run, received("a")), std::out_of_range);
}

TEST_F(LiveConsoleTest, WithoutEventsOnlyTheStatusChanges) {
  Console console(out_, {});
  LiveConsole live(console, plan_, false);
  live.add(live.begin(0, ""), received("a"));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(LiveConsoleTest, TheStatusTellsWhatIsUnderWayAndForHowLong) {
  Console console(out_, {.progress = true});
  LiveConsole live(console, plan_, false);
  console.begin(run_, 2);
  live.begin(0, "");
  live.begin(1, "");
  console.tick(Clock::now() + seconds(100));
  EXPECT_THAT(out_.str(), HasSubstr("0/2 finished, 0 failed; 2 in flight, longest " + id(0)));
  console.finished(0, run_.results[0]);
  console.tick(Clock::now() + seconds(100));
  EXPECT_THAT(out_.str(), HasSubstr("1/2 finished, 0 failed; 1 in flight, longest " + id(1)));
}

TEST_F(LiveConsoleTest, AStatusIsWipedBeforeALineOfAnEvent) {
  Console console(out_, {.progress = true, .verbosity = 2});
  console.begin(run_, 2);
  console.tick(Clock::now());
  console.happened("a line");
  EXPECT_THAT(out_.str(), EndsWith("\r\x1b[Ka line\n"));
}

}  // namespace
}  // namespace dialtone
