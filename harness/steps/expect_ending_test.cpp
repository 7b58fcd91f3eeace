#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>

#include "harness/steps/step_test_support.hpp"

/// expect_eof, expect_reset, expect and expect_silence, each against each thing that a peer can
/// really do.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::map<std::string, Script> kDeeds{
    {"Fin", [](PeerSocket& peer, ScenarioLoop&) { peer.close(); }},
    {"HalfClose",
     [](PeerSocket& peer, ScenarioLoop&) {
       peer.shutdown();
       peer.await_end();
     }},
    {"Reset", [](PeerSocket& peer, ScenarioLoop&) { peer.reset(); }},
    {"Silence", [](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); }},
    {"Data",
     [](PeerSocket& peer, ScenarioLoop&) {
       peer.send("hi");
       peer.await_end();
     }},
    {"DataThenFin",
     [](PeerSocket& peer, ScenarioLoop&) {
       peer.send("hi");
       peer.close();
     }},
    {"DataThenReset",
     [](PeerSocket& peer, ScenarioLoop&) {
       peer.send("hi");
       peer.reset();
     }},
};

struct Case {
  const char* step;
  const char* deed;
  const char* outcome;
};

class EachAgainstEach : public ::testing::TestWithParam<Case> {};

TEST_P(EachAgainstEach, IsToldApart) {
  const auto& deed = kDeeds.at(GetParam().deed);
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);  // a reset before that could still be the connect's outcome
        deed(peer, loop);
      },
      fmt::format(R"({{"connect": "c"}}, {{"send": "go"}}, {})", GetParam().step));
  EXPECT_EQ(outcome_of(result), GetParam().outcome) << result.problem.message;
}

constexpr const char* kEof = R"({"expect_eof": "c", "within": "250ms"})";
constexpr const char* kReset = R"({"expect_reset": "c", "within": "250ms"})";
constexpr const char* kEofAfter = R"({"expect_eof": "c", "ignore_data": true, "within": "250ms"})";
constexpr const char* kResetAfter =
    R"({"expect_reset": "c", "ignore_data": true, "within": "250ms"})";
constexpr const char* kHi = R"({"expect": "hi", "on": "c", "within": "250ms"})";
constexpr const char* kLonger = R"({"expect": "hi there", "on": "c", "within": "250ms"})";
constexpr const char* kSilence = R"({"expect_silence": "250ms", "on": "c"})";
constexpr const char* kHiEof = R"({"expect": "hi"}, {"expect_eof": "c", "within": "250ms"})";
constexpr const char* kHiReset = R"({"expect": "hi"}, {"expect_reset": "c", "within": "250ms"})";

INSTANTIATE_TEST_SUITE_P(
    Eof, EachAgainstEach,
    ::testing::Values(
        Case{kEof, "Fin", "pass"}, Case{kEof, "HalfClose", "pass"},
        Case{kEof, "Reset", "fail UnexpectedReset"}, Case{kEof, "Silence", "fail Timeout"},
        Case{kEof, "Data", "fail UnexpectedData"}, Case{kEof, "DataThenFin", "fail UnexpectedData"},
        Case{kEof, "DataThenReset", "fail UnexpectedData"}, Case{kEofAfter, "Data", "fail Timeout"},
        Case{kEofAfter, "DataThenFin", "pass"},
        Case{kEofAfter, "DataThenReset", "fail UnexpectedReset"}));

INSTANTIATE_TEST_SUITE_P(Reset, EachAgainstEach,
                         ::testing::Values(Case{kReset, "Fin", "fail UnexpectedEof"},
                                           Case{kReset, "HalfClose", "fail UnexpectedEof"},
                                           Case{kReset, "Reset", "pass"},
                                           Case{kReset, "Silence", "fail Timeout"},
                                           Case{kReset, "Data", "fail UnexpectedData"},
                                           Case{kReset, "DataThenFin", "fail UnexpectedData"},
                                           Case{kReset, "DataThenReset", "fail UnexpectedData"},
                                           Case{kResetAfter, "Data", "fail Timeout"},
                                           Case{kResetAfter, "DataThenFin", "fail UnexpectedEof"},
                                           Case{kResetAfter, "DataThenReset", "pass"}));

INSTANTIATE_TEST_SUITE_P(
    Octets, EachAgainstEach,
    ::testing::Values(
        Case{kHi, "Fin", "fail UnexpectedEof"}, Case{kHi, "Reset", "fail UnexpectedReset"},
        Case{kHi, "Silence", "fail Timeout"}, Case{kHi, "Data", "pass"},
        Case{kHi, "DataThenFin", "pass"}, Case{kHi, "DataThenReset", "pass"},
        Case{kLonger, "Data", "fail Timeout"}, Case{kLonger, "DataThenFin", "fail UnexpectedEof"},
        Case{kLonger, "DataThenReset", "fail UnexpectedReset"}, Case{kHiEof, "DataThenFin", "pass"},
        Case{kHiEof, "DataThenReset", "fail UnexpectedReset"}, Case{kHiEof, "Data", "fail Timeout"},
        Case{kHiReset, "DataThenFin", "fail UnexpectedEof"},
        Case{kHiReset, "DataThenReset", "pass"}));

INSTANTIATE_TEST_SUITE_P(Quiet, EachAgainstEach,
                         ::testing::Values(Case{kSilence, "Silence", "pass"},
                                           Case{kSilence, "Fin", "fail UnexpectedEof"},
                                           Case{kSilence, "HalfClose", "fail UnexpectedEof"},
                                           Case{kSilence, "Reset", "fail UnexpectedReset"},
                                           Case{kSilence, "Data", "fail UnexpectedData"},
                                           Case{kSilence, "DataThenFin", "fail UnexpectedData"},
                                           Case{kSilence, "DataThenReset", "fail UnexpectedData"}));

class EndingStall : public ::testing::TestWithParam<const char*> {};

TEST_P(EndingStall, OfTheHarnessIsNoVerdictOnThePeer) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.await_end();
      },
      fmt::format(R"({{"connect": "c"}}, {{"send": "go"}}, {})", GetParam()));
  EXPECT_EQ(outcome_of(result), "error HarnessStalled") << result.problem.message;
}

INSTANTIATE_TEST_SUITE_P(Waiting, EndingStall, ::testing::Values(kEof, kReset, kEofAfter, kHi));

TEST(EndingStallTest, AnEndThatCameMeanwhileCounts) {
  const auto result = run_once_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        peer.receive(2);
        loop.stall(milliseconds(600));
        peer.close();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "within": "250ms"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(EndingTest, TheFirstOneDecides) {
  const auto result = run_against(
      reset_after_go,
      R"({"connect": "c"}, {"send": "go"}, {"expect_reset": "c"}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedReset");  // recv returns 0 by then
  EXPECT_EQ(result.failed_step, 3);
}

class NotBefore : public ::testing::TestWithParam<const char*> {};

TEST_P(NotBefore, AnEndingThatComesTooSoonIsAFailure) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.send("late");
        peer.close();
      },
      fmt::format(R"({{"connect": "c"}}, {{"send": "go"}},
          {{"expect_eof": "c", "ignore_data": true, "not_before": "10s"{}}})",
                  GetParam()));
  EXPECT_EQ(outcome_of(result), "fail TooEarly");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr("expected no ending before 10s, but the peer ended with FIN"),
                    HasSubstr("after our last octets")));
}

INSTANTIATE_TEST_SUITE_P(However, NotBefore, ::testing::Values("", R"(, "or_reset": true)"));

TEST(NotBeforeTest, WithinIsCountedFromThenOn) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        std::this_thread::sleep_for(milliseconds(400));
        peer.close();
      },
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "not_before": "400ms", "within": "10s"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto silent = run_against(
      [](PeerSocket& peer, ScenarioLoop&) { peer.await_end(); },
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "not_before": "200ms", "within": "100ms"})");
  EXPECT_EQ(outcome_of(silent), "fail Timeout");
  EXPECT_THAT(silent.problem.message, HasSubstr("nothing came within 300ms"));
}

// The peer's clock runs from our last octets, however long we had waited then.
TEST(NotBeforeTest, ItIsCountedFromOurLastOctets) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(4);
        peer.close();
      },
      R"({"connect": "c"}, {"send": "go"}, {"pause": "400ms"}, {"send": "on"},
         {"expect_eof": "c", "not_before": "400ms"})");
  EXPECT_EQ(outcome_of(result), "fail TooEarly") << result.problem.message;
}

// It was once taken for one that came when it was seen.
TEST(NotBeforeTest, AnEndThatIsSeenLateHasComeEarly) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.close();
      },
      R"({"connect": "c"}, {"send": "go"}, {"pause": "700ms"},
         {"expect_eof": "c", "not_before": "600ms"})");
  EXPECT_EQ(outcome_of(result), "fail TooEarly") << result.problem.message;
}

// A limit of a whole request may be counted from the accept.
TEST(NotBeforeTest, ItIsCountedFromTheConnectWhereThatIsSaid) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(2);
        peer.close();
      },
      R"({"connect": "c"}, {"pause": "400ms"}, {"send": "go"},
         {"expect_eof": "c", "not_before": "400ms", "since": "connect"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(NotBeforeTest, AnotherEndingIsWrongHoweverEarlyItComes) {
  const auto result =
      run_against(reset_after_go,
                  R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "not_before": "10s"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedReset");
}

// A peer knows nothing of our scale: its limit stays as it is.
TEST(NotBeforeTest, ALongerScaleDoesNotMakeItLonger) {
  const auto suite = suite_of(
      R"({"connect": "c"}, {"send": "go"}, {"expect_eof": "c", "not_before": "200ms", "within": "5s"})");
  const auto result = unless_too_busy([&] {
    ScenarioLoop loop;
    PeerListener listener;
    const auto target = target_at(listener.address());
    const std::jthread played([&] {
      auto peer = listener.accept();
      peer.receive(2);
      std::this_thread::sleep_for(milliseconds(200));
      peer.close();
    });
    return loop.run(suite, *target, 10.0);
  });
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(NotBeforeTest, IsForOneConnection) {
  EXPECT_THAT(
      mistakes_of(R"({"connect": "c", "count": 2}, {"expect_eof": "c.*", "not_before": "1s"})"),
      HasSubstr("it is for one connection"));
}

}  // namespace
}  // namespace dialtone
