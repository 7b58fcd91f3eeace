#include "harness/steps/piece_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(GapBetweenTest, AllGapsOfASendLastAboutASecond) {
  EXPECT_EQ(gap_between(1), milliseconds(50));
  EXPECT_EQ(gap_between(20), milliseconds(50));
  EXPECT_EQ(gap_between(100), milliseconds(10));
  EXPECT_EQ(gap_between(4096), milliseconds(1));
}

/// Reads a message of so many octets once all of it is there (man 7 socket), and answers.
Script reading_whole(int octets) {
  return [=](PeerSocket& peer, ScenarioLoop&) {
    ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVLOWAT, &octets, sizeof octets);
    pollfd watched{peer.fd(), POLLIN, 0};
    ::poll(&watched, 1, -1);
    peer.receive(static_cast<std::size_t>(octets));
    peer.send("ok");
    peer.await_end();
  };
}

/// What was noted of pieces that were left unread.
std::vector<std::string> unread_notes(const ScenarioResult& result) {
  std::vector<std::string> notes;
  for (const auto& event : result.transcript) {
    const auto* noted = std::get_if<Noted>(&event.kind);
    if (noted != nullptr && noted->text.find("arrived and not read") != std::string::npos)
      notes.push_back(noted->text);
  }
  return notes;
}

TEST(PieceWatchTest, AServerThatWaitsForAWholeMessageIsSound) {
  const auto result = run_against(
      reading_whole(4),
      R"({"connect": "c"}, {"send": "abcd", "split": "octets", "within": "5s"}, {"expect": "ok"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(unread_notes(result), ElementsAre(HasSubstr("1 octet has arrived")));
}

TEST(PieceWatchTest, OfPiecesThatAreReadNothingIsNoted) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.receive(3);
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "abc", "split": "octets"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(unread_notes(result), IsEmpty());
}

TEST(PieceWatchTest, AServerThatHangsFailsWhereAnAnswerIsDue) {
  const auto result = run_against(
      [](PeerSocket&, ScenarioLoop& loop) { loop.await_end(); },
      R"({"connect": "c"}, {"send": "abc", "split": "octets"}, {"expect": "ok", "within": "200ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_EQ(result.failed_step, 2);
}

TEST(PieceWatchTest, TheDeadlineOfTheStepEndsTheWaitForTheReader) {
  const auto result = run_against(
      [](PeerSocket&, ScenarioLoop& loop) { loop.await_end(); },
      R"({"connect": "c"}, {"send": "abc", "split": "octets", "gap": "20s", "within": "200ms"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(unread_notes(result), SizeIs(1));
}

// The window that the peer's kernel offers is full.
TEST(PieceWatchTest, APieceThatDoesNotArriveIsAFailure) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop& loop) {
        const int small = 4096;
        ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        loop.await_end();
      },
      R"({"connect": "c"}, {"send": {"repeat": "x", "times": 400000}, "split": 399999, "within": "400ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("piece 1 of 2 did not reach the peer within"));
}

TEST(PieceWatchTest, AConnectionThatNobodyAcceptsIsGivenTheWholeDeadline) {
  const auto result = unless_too_busy([] {
    ScenarioLoop loop;
    PeerListener listener;
    const auto target = target_at(listener.address());
    return loop.run(
        suite_of(
            R"({"connect": "c"}, {"send": "ab", "split": 1, "within": "300ms"}, {"close": "c"})"),
        *target);
  });
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(unread_notes(result), ElementsAre(HasSubstr("no program has accepted")));
}

TEST(AwaitReadTest, WhatIsSentNextIsReadByItself) {
  std::string first(8, '\0');
  const auto result = run_against(
      [&](PeerSocket& peer, ScenarioLoop&) {
        // Late: what did not wait for its reader would be read as one.
        std::this_thread::sleep_for(milliseconds(30));
        const auto count = ::recv(peer.fd(), first.data(), first.size(), 0);
        first.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        peer.await_end();
      },
      R"({"connect": "c"}, {"send": "ab", "await_read": true}, {"send": "cd"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(first, "ab");
}

TEST(AwaitReadTest, AServerThatWaitsForAWholeMessageIsSound) {
  const auto result = run_against(
      reading_whole(4),
      R"({"connect": "c"}, {"send": "ab", "await_read": true}, {"send": "cd"}, {"expect": "ok"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_THAT(unread_notes(result), ElementsAre(HasSubstr("2 octets have arrived")));
}

TEST(AwaitReadTest, IsForStreamsAndNotForUrgentOctets) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "a", "urgent": true, "await_read": true})"),
              HasSubstr("'urgent' and 'await_read' exclude each other"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "over": "udp"}, {"send": "a", "await_read": true})"),
              HasSubstr("'await_read' is for streams"));
}

}  // namespace
}  // namespace dialtone
