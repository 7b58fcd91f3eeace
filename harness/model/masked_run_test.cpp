#include "harness/model/masked_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What a log was told, a line each.
class Told : public EventSink {
 public:
  void end(int) override {}
  int begin(std::size_t, const std::string&) override { return 1; }
  void add(int run, const Event& event) override {
    const auto octets = payload_of(event.kind);
    lines.push_back(std::to_string(run) + " " + event.connection + " " + describe(event.kind) +
                    (octets.empty() ? "" : ": " + std::string(octets)));
  }
  void failed(std::size_t, const ScenarioResult&) override {}
  std::vector<std::string> lines;
};

class MaskedRunTest : public testing::Test {
 protected:
  void add(EventKind kind, std::string connection = "c") {
    run_->add(7, {milliseconds(1), 2, std::move(connection), std::move(kind)});
  }

  ScenarioResult finish(ScenarioResult result = {}) {
    run_->finish(result);
    run_.reset();
    return result;
  }

  Secrets secrets_{{{"TOKEN", "hunter2"}}};
  Told log_;
  std::optional<MaskedRun> run_{std::in_place, secrets_, LoggedRun{&log_, 7}};
};

TEST_F(MaskedRunTest, MasksOctetsAndTextsAndSaysSo) {
  add(Sent{"say hunter2!"});
  add(Noted{"said hunter2"});
  const auto result = finish();
  EXPECT_THAT(log_.lines, ElementsAre("7 c sent 12 octets: say *******!", "7 c said *******",
                                      "7  masked by '*', octet by octet: TOKEN"));
  EXPECT_EQ(result.transcript.size(), 3U);
  EXPECT_EQ(result.transcript.back().step, 2);
}

TEST_F(MaskedRunTest, WhereNoSecretWasNothingIsAdded) {
  add(Sent{"hun"});
  EXPECT_EQ(finish().transcript.size(), 1U);
  EXPECT_THAT(log_.lines, ElementsAre("7 c sent 3 octets: hun"));
}

TEST_F(MaskedRunTest, ASecretInPiecesIsHeldBackUntilItIsKnownToBeOne) {
  add(Received{"say hun"});
  add(Noted{"between"});
  add(Sent{"other way"});
  EXPECT_THAT(log_.lines, IsEmpty());
  add(Received{"t"});
  add(Received{"er2, no more"});
  EXPECT_THAT(log_.lines, ElementsAre("7 c received 7 octets: say ***", "7 c between",
                                      "7 c sent 9 octets: other way", "7 c received 1 octet: *",
                                      "7 c received 12 octets: ***, no more"));
}

TEST_F(MaskedRunTest, WhatOnlyBeganLikeOneIsLetGoUnchanged) {
  add(Received{"hunt"});
  EXPECT_THAT(log_.lines, IsEmpty());
  add(Received{"s"});
  EXPECT_THAT(log_.lines, ElementsAre("7 c received 4 octets: hunt", "7 c received 1 octet: s"));
}

TEST_F(MaskedRunTest, EveryCutOfASecretIsMasked) {
  const std::string text = "<hunter2><68756e74657232>";
  for (std::size_t first = 0; first < text.size(); ++first) {
    for (std::size_t second = first; second < text.size(); ++second) {
      Told log;
      MaskedRun run(secrets_, {&log, 1});
      for (const auto& part :
           {text.substr(0, first), text.substr(first, second - first), text.substr(second)})
        run.add(1, {{}, 0, "c", Sent{part}});
      ScenarioResult result;
      run.finish(result);
      Bytes joined;
      for (const auto& event : result.transcript) joined += payload_of(event.kind);
      EXPECT_EQ(joined, "<*******><**************>") << first << ", " << second;
    }
  }
}

TEST_F(MaskedRunTest, ConnectionsAndDirectionsAreStreamsOfTheirOwn) {
  add(Sent{"hun"}, "a");
  add(Received{"ter2"}, "a");
  add(Sent{"ter2"}, "b");
  add(Sent{"ter2"}, "a");
  finish();
  EXPECT_THAT(log_.lines, ElementsAre("7 a sent 3 octets: ***", "7 a received 4 octets: ter2",
                                      "7 b sent 4 octets: ter2", "7 a sent 4 octets: ****",
                                      "7  masked by '*', octet by octet: TOKEN"));
}

TEST_F(MaskedRunTest, ARunThatIsBrokenOffHasToldWhatItHeld) {
  add(Received{"hun"});
  run_.reset();
  EXPECT_THAT(log_.lines, ElementsAre("7 c received 3 octets: hun"));
}

TEST_F(MaskedRunTest, WhatAStreamEndsInTheMiddleOfIsMasked) {
  add(Received{"say hun"});
  add(Received{"ter"});
  finish();
  EXPECT_THAT(log_.lines,
              ElementsAre("7 c received 7 octets: say ***", "7 c received 3 octets: ***"));
}

TEST_F(MaskedRunTest, WhatCameInThePlaceOfASecretIsMasked) {
  ScenarioResult result;
  result.problem.bytes = ByteComparison{"a hunter2.", "a junter2!", 2, Encoding::kUtf8};
  const auto masked = finish(std::move(result));
  EXPECT_EQ(masked.problem.bytes->expected, "a *******.");
  EXPECT_EQ(masked.problem.bytes->actual, "a *******!");
}

TEST_F(MaskedRunTest, MasksAllThatAResultSays) {
  ScenarioResult result;
  result.problem = {.type = "T",
                    .message = "no hunter2",
                    .expected = "68 75 6e 74 65 72 32",
                    .actual = "aHVudGVyMg==",
                    .bytes = ByteComparison{"a hunter2", "a hunter3", 8, Encoding::kUtf8}};
  result.outputs = {{"target", "hunter2\n", "hunter2", "ended hunter2"}};
  const auto masked = finish(std::move(result));
  EXPECT_EQ(masked.problem.message, "no *******");
  EXPECT_EQ(masked.problem.expected, "********************");
  EXPECT_THAT(masked.problem.actual, HasSubstr("*********"));
  EXPECT_EQ(masked.problem.bytes->expected, "a *******");
  EXPECT_EQ(masked.problem.bytes->actual, "a *******");
  EXPECT_EQ(masked.problem.bytes->offset, 8U);
  EXPECT_EQ(masked.outputs[0].standard_output, "*******\n");
  EXPECT_EQ(masked.outputs[0].standard_error, "*******");
  EXPECT_EQ(masked.outputs[0].ended, "ended *******");
}

TEST_F(MaskedRunTest, MasksEveryTextThatAnEventHolds) {
  const std::string text = "hunter2";
  for (const EventKind& kind : {EventKind(Connected{text, text}), EventKind(Accepted{text, text}),
                                EventKind(ConnectFailed{text, ConnectOutcome::kTlsFailed, 0, text}),
                                EventKind(Listening{text, 1}), EventKind(DeadlinePassed{text, {}}),
                                EventKind(Called{text, 0, 0}), EventKind(Noted{text})})
    add(kind, text);
  for (const auto& line : log_.lines) EXPECT_THAT(line, testing::Not(HasSubstr(text)));
  EXPECT_EQ(log_.lines.size(), 7U);
}

}  // namespace
}  // namespace dialtone
