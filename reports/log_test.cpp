// A run, its log, and the run that comes back from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/log_test_support.hpp"
#include "reports/log_writer.hpp"
#include "reports/registry.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

Bytes all_octets() {
  Bytes octets;
  for (int octet = 0; octet < 256; ++octet) octets.push_back(static_cast<char>(octet));
  return octets;
}

/// One event of each kind and of each word in it, with these octets wherever there are some.
Transcript every_kind(const Bytes& octets) {
  std::vector<EventKind> kinds{Connected{octets, octets},
                               Listening{octets, 7},
                               Accepted{octets, octets},
                               Sent{octets},
                               Received{octets},
                               Sent{octets, {.tls = true, .datagram = {}}},
                               Received{octets, {.tls = false, .datagram = {{octets, octets}}}},
                               PeerEnded{Ending::kFin},
                               PeerEnded{Ending::kReset, ECONNRESET, true},
                               PeerEnded{Ending::kTimeout, ETIMEDOUT},
                               PeerEnded{Ending::kTruncated},
                               PeerEnded{Ending::kTlsFailed},
                               WeEnded{WeEnded::How::kShutdown},
                               WeEnded{WeEnded::How::kClose},
                               WeEnded{WeEnded::How::kReset},
                               DeadlinePassed{octets, milliseconds(7)},
                               Called{octets, -1, EAGAIN},
                               Called{octets, 5'000'000'000, 0},
                               Noted{octets}};
  for (const auto outcome :
       {ConnectOutcome::kConnected, ConnectOutcome::kRefused, ConnectOutcome::kTimeout,
        ConnectOutcome::kUnreachable, ConnectOutcome::kReset, ConnectOutcome::kTlsFailed})
    kinds.emplace_back(ConnectFailed{octets, outcome, ECONNREFUSED, octets});
  Transcript transcript;
  for (auto& kind : kinds)
    transcript.push_back({milliseconds(transcript.size()), 3, octets, std::move(kind)});
  return transcript;
}

/// Everything that a result can hold, with these octets in every string.
RunResult full_run(const Bytes& octets) {
  auto run = make_run();
  run.target = run.host = run.rerun = octets;
  run.strict = true;
  const auto suite = make_suite(2);
  suite->name = suite->title = suite->file = octets;
  auto& scenario = suite->scenarios[1];
  scenario.id = scenario.title = scenario.source = scenario.note = scenario.means = octets;
  scenario.no_fault = scenario.excluded = octets;
  scenario.level = Level::kMay;
  scenario.tags = {octets, "slow"};
  scenario.needs = {octets, "process"};
  scenario.encoding = Encoding::kGb18030;
  scenario.outline = {octets, octets};
  scenario.where = {octets + "2", 7, 8};
  scenario.steps.push_back(
      {.spec = nullptr, .step = nullptr, .text = octets, .where = {"f", 9, 1}, .label = octets});
  auto result = make_result(suite, 1, Verdict::kKnown);
  result.repetition = 2;
  result.repetitions = 3;
  result.known_reason = octets;
  result.problem = {.type = octets,
                    .message = octets,
                    .expected = octets,
                    .actual = octets,
                    .bytes = ByteComparison{octets, octets + "x", octets.size(), Encoding::kLatin1},
                    .step = octets};
  result.failed_step = 0;
  result.where = {"elsewhere", 1, 2};
  result.transcript = every_kind(octets);
  result.outputs = {{octets, octets, octets, octets}, {"b", {}, {}, {}}};
  result.stalled_runs = 2;
  result.variants = VariantSummary{5, 1, 64, 700, 9, {octets, octets}, octets};
  run.results.push_back(std::move(result));
  return run;
}

void expect_same_reports(const RunResult& run) {
  const auto read = by_log(run);
  for (const auto* format : report_formats()) {
    SCOPED_TRACE(format->name);
    EXPECT_EQ(written(*format, read), written(*format, run));
    for (const auto variant : format->variants) {
      const ReportOptions options{.variant = std::string(variant), .root = {}};
      EXPECT_EQ(written(*format, read, options), written(*format, run, options));
    }
  }
}

TEST(LogTest, EveryReportOfTheLogIsThatOfTheRun) { expect_same_reports(sample_run()); }

TEST(LogTest, AlsoWhereScenariosWereRunAgain) {
  expect_same_reports(retried_run());
  const auto results = by_log(retried_run()).results;
  ASSERT_EQ(results[0].attempts.size(), 2U);
  EXPECT_EQ(results[0].attempts[0].transcript.size(), 5U);
  EXPECT_EQ(results[0].attempts[1].problem.type, kHarnessStalled);
  EXPECT_EQ(results[0].attempts[1].scenario, results[0].scenario);
}

TEST(LogTest, ComesBackWithoutLossWhateverItsStringsHold) {
  for (const auto& octets : {Bytes("plain"), all_octets(), Bytes("\xe2\x80\xae</script>\x1b[2J"),
                             Bytes("\xff\xfe"), Bytes("\xed\xa0\x80"), Bytes(), Bytes(1, '\0')}) {
    const auto run = full_run(octets);
    const auto read = by_log(run);
    EXPECT_EQ(written(kJsonReport, read), written(kJsonReport, run));
    EXPECT_EQ(written(kJunitReport, read), written(kJunitReport, run));
    ASSERT_EQ(read.results.size(), 1U);
    const auto& result = read.results[0];
    EXPECT_EQ(result.suite->name, octets);
    EXPECT_EQ(result.scenario->steps[0].text, octets);
    EXPECT_EQ(result.scenario->where, (SourceLocation{octets + "2", 7, 8}));
    EXPECT_EQ(result.problem.bytes->actual, octets + "x");
    EXPECT_EQ(result.problem.step, octets);
    EXPECT_EQ(result.outputs[0].standard_error, octets);
    EXPECT_EQ(result.variants->none, (std::vector<std::string>{octets, octets}));
  }
}

TEST(LogTest, EveryKindComesBack) {
  const auto run = full_run(all_octets());
  const auto& before = run.results[0].transcript;
  const auto read = by_log(run);
  const auto& after = read.results[0].transcript;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].at, before[i].at);
    EXPECT_EQ(after[i].step, 3);
    EXPECT_EQ(after[i].connection, all_octets());
    EXPECT_EQ(after[i].kind.index(), before[i].kind.index());
    EXPECT_EQ(describe(after[i].kind), describe(before[i].kind));
    EXPECT_EQ(payload_of(after[i].kind), payload_of(before[i].kind));
  }
}

TEST(LogTest, IsPrintableAsciiOfOneJsonObjectALine) {
  const auto log = written(kNdjsonReport, full_run(all_octets()));
  for (const char c : log) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(nlohmann::json::parse(line).is_object()) << line;
  EXPECT_TRUE(log.ends_with('\n'));
}

TEST(LogTest, SaysItsFormatAndVersionFirst) {
  EXPECT_THAT(written(kNdjsonReport, sample_run()),
              testing::StartsWith(R"({"format":"dialtone-log","version":1,"type":"run_started",)"));
}

/// Two scenarios side by side, the second with a run for nothing and one under a variant.
class LiveLog : public testing::Test {
 protected:
  LiveLog() {
    for (std::size_t i = 0; i < 2; ++i)
      plan_.push_back({suite_, &suite_->scenarios[i], 1, std::nullopt});
    writer_.begin_run(make_run(), plan_);
  }

  void add(int run, std::string text) {
    writer_.add(run, {milliseconds(1), 0, "c", Noted{std::move(text)}});
  }
  void finish(std::size_t place, int run) {
    auto result = make_result(suite_, place, Verdict::kPass);
    result.run = run;
    writer_.finish(place, result);
  }
  static std::vector<std::string> notes(const ScenarioResult& result) {
    std::vector<std::string> notes;
    for (const auto& event : result.transcript) notes.push_back(describe(event.kind));
    return notes;
  }

  std::shared_ptr<Suite> suite_ = make_suite(2);
  std::vector<PlannedScenario> plan_;
  std::string log_;
  LogWriter writer_{[this](std::string_view line) { log_ += line; }};
};

TEST_F(LiveLog, WhatWasKilledInARetryHasTheVerdictThatItGot) {
  auto failed = make_result(suite_, 0, Verdict::kFail);
  for (const auto* text : {"a", "b"}) {
    failed.run = writer_.begin(0, {});
    add(failed.run, text);
    writer_.failed(0, failed);
  }
  add(writer_.begin(0, {}), "c");
  const auto read = good_log(log_);
  ASSERT_EQ(read.run.results.size(), 1U);
  const auto& result = read.run.results[0];
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_THAT(notes(result), ElementsAre("b"));
  ASSERT_EQ(result.attempts.size(), 1U);
  EXPECT_THAT(notes(result.attempts[0]), ElementsAre("a"));
}

// As an interrupted run tells it.
TEST_F(LiveLog, TheLastAttemptMayBeTheResult) {
  auto failed = make_result(suite_, 0, Verdict::kFail);
  failed.run = writer_.begin(0, {});
  add(failed.run, "a");
  writer_.failed(0, failed);
  add(writer_.begin(0, {}), "b");
  writer_.finish(0, failed);
  writer_.end_run(make_run());
  const auto read = good_log(log_);
  ASSERT_EQ(read.run.results.size(), 1U);
  EXPECT_THAT(notes(read.run.results[0]), ElementsAre("a"));
  EXPECT_TRUE(read.run.results[0].attempts.empty());
}

TEST_F(LiveLog, KeepsScenariosApartAndStandsInThePlansOrder) {
  const int second = writer_.begin(1, {});
  const int first = writer_.begin(0, {});
  add(first, "a");
  add(second, "stalled");
  const int again = writer_.begin(1, {});
  add(first, "b");
  add(again, "c");
  const int varied = writer_.begin(1, "every send octet by octet");
  add(varied, "d");
  finish(1, again);
  finish(0, first);
  auto run = make_run();
  run.took = milliseconds(5);
  writer_.end_run(run);
  const auto read = good_log(log_);
  EXPECT_TRUE(read.has_end);
  EXPECT_FALSE(read.run.interrupted);
  EXPECT_EQ(read.run.took, milliseconds(5));
  ASSERT_EQ(read.run.results.size(), 2U);
  EXPECT_EQ(read.run.results[0].scenario->id, "S-1");
  EXPECT_THAT(notes(read.run.results[0]), ElementsAre("a", "b"));
  EXPECT_EQ(read.run.results[1].scenario->id, "S-2");
  EXPECT_THAT(notes(read.run.results[1]), ElementsAre("c"));
}

TEST_F(LiveLog, WithoutItsEndIsAnInterruptedRunOfWhatHadBegun) {
  const int first = writer_.begin(0, {});
  const int second = writer_.begin(1, {});
  add(second, "on its way");
  finish(0, first);
  const auto read = good_log(log_);
  EXPECT_FALSE(read.has_end);
  EXPECT_EQ(read.planned, 2U);
  EXPECT_TRUE(read.run.interrupted);
  EXPECT_EQ(read.run.took, milliseconds(1));  // till the last verdict
  EXPECT_EQ(read.finished(), 1U);
  ASSERT_EQ(read.run.results.size(), 2U);
  EXPECT_EQ(read.run.results[0].scenario->id, "S-1");
  EXPECT_EQ(read.run.results[1].scenario->id, "S-2");
  EXPECT_EQ(read.run.results[1].verdict, Verdict::kError);
  EXPECT_EQ(read.run.results[1].problem.message, "it was under way when the run was killed");
  EXPECT_THAT(notes(read.run.results[1]), ElementsAre("on its way"));
}

TEST_F(LiveLog, WhatWasRunAgainHasItsLastVerdictThoughTheNextRunHadBegun) {
  auto failed = make_result(suite_, 0, Verdict::kFail);
  failed.run = writer_.begin(0, {});
  writer_.failed(0, failed);
  add(writer_.begin(0, {}), "again");
  const auto read = good_log(log_);
  EXPECT_EQ(read.under_way, 0U);
  ASSERT_EQ(read.run.results.size(), 1U);
  EXPECT_EQ(read.run.results[0].verdict, Verdict::kFail);
}

TEST_F(LiveLog, CutAnywhereIsReadUpToThere) {
  finish(0, writer_.begin(0, {}));
  finish(1, writer_.begin(1, {}));
  writer_.end_run(make_run());
  const auto head = log_.find('\n') + 1;
  std::size_t finished = 0;
  std::size_t under_way = 0;
  for (auto cut = head; cut <= log_.size(); ++cut) {
    const auto read = good_log(log_.substr(0, cut));
    EXPECT_GE(read.finished(), finished);
    finished = read.finished();
    under_way += read.under_way;
    EXPECT_EQ(read.run.interrupted, cut < log_.size() - 1);
  }
  EXPECT_EQ(finished, 2U);
  EXPECT_GT(under_way, 0U);
}

}  // namespace
}  // namespace dialtone
