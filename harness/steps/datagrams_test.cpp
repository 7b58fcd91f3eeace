#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <thread>

#include "harness/steps/outcome.hpp"
#include "harness/steps/send_datagram.hpp"
#include "harness/steps/step_test_support.hpp"

// The verbs on UDP sockets: send, expect, ask, expect_refused, expect_silence.
namespace dialtone {
namespace {

using ::testing::HasSubstr;

/// A UDP peer that plays a script with blocking calls, each of which gives up after kPatience.
class Peer {
 public:
  Peer() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const auto at = SocketAddress::loopback_ipv4(0);
    if (::bind(fd_.get(), at.data(), at.size()) != 0) throw std::runtime_error("bind");
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  SocketAddress address() const { return *SocketAddress::local_of(fd_.get()); }
  std::string receive() {
    char room[2000];
    size_ = sizeof from_;
    const auto count =
        ::recvfrom(fd_.get(), room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from_), &size_);
    if (count < 0) throw std::runtime_error("no datagram came");
    return {room, static_cast<std::size_t>(count)};
  }
  void send(std::string_view octets) { send_by(fd_.get(), octets); }
  void send_from_another_port(std::string_view octets) {
    const UniqueFd other(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    send_by(other.get(), octets);
  }

 private:
  void send_by(int fd, std::string_view octets) {
    ::sendto(fd, octets.data(), octets.size(), 0, reinterpret_cast<const sockaddr*>(&from_), size_);
  }

  UniqueFd fd_;
  sockaddr_storage from_{};
  socklen_t size_ = 0;
};

ScenarioResult run_with(const std::function<void(Peer&)>& script, std::string_view steps) {
  Peer peer;
  const auto target = target_at(peer.address());
  std::thread thread([&] {
    try {
      script(peer);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  });
  ScenarioLoop loop;
  auto result = loop.run(suite_of(steps), *target);
  thread.join();
  return result;
}

/// Answers the first datagram by these, in order.
std::function<void(Peer&)> answering(std::vector<std::string> replies) {
  return [replies = std::move(replies)](Peer& peer) {
    peer.receive();
    for (const auto& reply : replies) peer.send(reply);
  };
}

const std::string kConnect = R"({"connect": "c", "over": "udp"}, )";

TEST(DatagramsTest, EachExpectTakesOneDatagramWhole) {
  const auto result = run_with(answering({"ab", "cd"}),
                               kConnect + R"({"send": "x"}, {"expect": "ab"}, {"expect": "cd"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, TwoDatagramsAreNotOneMessage) {
  const auto result =
      run_with(answering({"ab", "cd"}), kConnect + R"({"send": "x"}, {"expect": "abcd"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
  EXPECT_THAT(result.problem.message, HasSubstr("one of 2 octets came, which differs at offset 2"));
}

TEST(DatagramsTest, OneDatagramIsNotTwoMessages) {
  const auto result =
      run_with(answering({"abcd"}), kConnect + R"({"send": "x"}, {"expect": "ab"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST(DatagramsTest, ARegexIsJudgedOnAllOfADatagram) {
  const auto against = [](std::string_view regex) {
    return outcome_of(run_with(
        answering({"abc"}),
        kConnect + R"({"send": "x"}, {"expect": {"regex": ")" + std::string(regex) + R"("}})"));
  };
  EXPECT_EQ(against("^ab$"), "fail ExpectMismatch");
  EXPECT_EQ(against("^a.*c$"), "pass");
  EXPECT_EQ(against("b"), "pass");
}

TEST(DatagramsTest, ADatagramWithoutOctetsIsAMessageAndNoEnd) {
  const auto result = run_with(answering({"", "ab"}),
                               kConnect + R"({"send": "x"}, {"expect": "ab", "pass_over": true})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto silence =
      run_with(answering({""}), kConnect + R"({"send": "x"}, {"expect_silence": "10s"})");
  EXPECT_EQ(outcome_of(silence), "fail UnexpectedData");
}

TEST(DatagramsTest, WhatNobodyExpectedFailsTheScenario) {
  const auto result = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.send("ab");
        peer.receive();
        peer.send("more");
        peer.send("last");
      },
      kConnect + R"({"send": "x"}, {"expect": "ab"}, {"send": "x"},
                    {"expect": "last", "pass_over": true})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto left = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.send("ab");
        peer.send("more");
      },
      kConnect + R"({"send": "x"}, {"expect": "ab"}, {"expect_silence": "10s"})");
  EXPECT_EQ(outcome_of(left), "fail UnexpectedData");
}

TEST(DatagramsTest, AnUnconnectedSocketTellsAReplyFromAnotherPortApart) {
  const auto script = [](Peer& peer) {
    peer.receive();
    peer.send_from_another_port("ab");
  };
  const auto result = run_with(
      script,
      R"({"connect": "c", "over": "udp", "unconnected": true}, {"send": "x"}, {"expect": "ab"})");
  EXPECT_EQ(outcome_of(result), "fail WrongSource") << result.problem.message;
}

TEST(DatagramsTest, AConnectedSocketHearsNobodyElse) {
  const auto result = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.send_from_another_port("no");
        peer.send("ab");
      },
      kConnect + R"({"send": "x"}, {"expect": "ab"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, AskAsksAgainWhereNothingCame) {
  const auto result = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.receive();
        peer.send("ab");
      },
      kConnect + R"({"ask": "x", "reply": "ab", "within": "6s", "retries": 30})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, ALateReplyToWhatWasAskedAgainIsNoFault) {
  const auto result = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.receive();
        peer.send("ab");
        peer.send("ab");
        peer.send("end");
      },
      kConnect +
          R"({"ask": "x", "reply": "ab", "within": "6s", "retries": 30}, {"expect": "end"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, AskFailsWhereNoTryIsAnswered) {
  const auto result = run_with(
      [](Peer& peer) {
        peer.receive();
        peer.receive();
        peer.receive();
      },
      kConnect + R"({"ask": "x", "reply": "ab", "within": "60ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("asked 3 times"));
}

TEST(DatagramsTest, AskDoesNotAskAgainAfterAWrongReply) {
  const auto result = run_with(answering({"no"}), kConnect + R"({"ask": "x", "reply": "ab"})");
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

const std::string kAskTwo =
    R"({"ask": "x", "reply": "ab", "and": "y", "and_reply": "cd", "within": "6s", "retries": 30})";

/// Takes the two requests, whose replies are still owed.
void take_two(Peer& peer) {
  EXPECT_EQ(peer.receive(), "x");
  EXPECT_EQ(peer.receive(), "y");
}

TEST(DatagramsTest, TwoAreAskedBeforeAReplyIsAwaited) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("ab");
        peer.send("cd");
      },
      kConnect + kAskTwo);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, OfTwoRepliesTheOrderIsFree) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("cd");
        peer.send("ab");
      },
      kConnect + kAskTwo);
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, OfTwoOnlyWhatIsUnansweredIsAskedAgain) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("cd");
        EXPECT_EQ(peer.receive(), "x");
        EXPECT_EQ(peer.receive(), "x");
        peer.send("ab");
        peer.send("ab");  // late
        peer.send("end");
      },
      kConnect + kAskTwo + R"(, {"expect": "end"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, TwoRepliesInOneDatagramAnswerNeither) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("abcd");
      },
      kConnect + kAskTwo);
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

TEST(DatagramsTest, OneReplyTwiceDoesNotAnswerTwo) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("ab");
        peer.send("ab");
        peer.send("cd");
      },
      kConnect + kAskTwo);
  EXPECT_EQ(outcome_of(result), "fail ExpectMismatch");
}

// UDP keeps no order: the reply that fits both was once the first one's, and the other's then
// wrong.
TEST(DatagramsTest, AReplyThatFitsBothMayBeEithers) {
  const auto result = run_with(
      [](Peer& peer) {
        take_two(peer);
        peer.send("OK b");
        peer.send("OK");
      },
      kConnect + R"({"ask": "x", "reply": {"regex": "^OK"}, "and": "y", "and_reply": "OK b"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, TwoThatNobodyAnswersFail) {
  const auto result = run_with(
      [](Peer& peer) { take_two(peer); },
      kConnect + R"({"ask": "x", "reply": "ab", "and": "y", "and_reply": "cd", "within": "60ms"})");
  EXPECT_EQ(outcome_of(result), "fail Timeout");
  EXPECT_THAT(result.problem.message, HasSubstr("replies to 2 requests"));
}

TEST(DatagramsTest, ASecondRequestNeedsItsReply) {
  EXPECT_THAT(mistakes_of(kConnect + R"({"ask": "x", "reply": "ab", "and": "y"})"),
              HasSubstr("'and' and 'and_reply' belong together"));
}

// A UDP socket that is connected elsewhere owns its port, and refuses the datagrams of others.
const std::string kDeadPort =
    R"({"socket": "dead", "type": "udp", "bind": "127.0.0.1:0"},
       {"call": "connect", "on": "dead", "to": "127.0.0.1:9"},
       {"connect": "c", "over": "udp", "to": "${dead.address}"}, )";

TEST(DatagramsTest, ARefusalIsToldOnceToOneCall) {
  const auto result = run_alone(
      kDeadPort +
      R"({"send": "x", "on": "c"}, {"expect_refused": "c"}, {"expect_silence": "20ms", "on": "c"},
         {"send": "x", "on": "c"}, {"expect_refused": "c", "by": "send"},
         {"send": "x", "on": "c"}, {"expect_refused": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

/// "pass", or the problem's type behind what kind of outcome it is.
std::string kind_of(const StepOutcome& outcome) {
  if (const auto* failure = std::get_if<Failed>(&outcome)) return "fail " + failure->problem.type;
  if (const auto* error = std::get_if<Impossible>(&outcome)) return "error " + error->problem.type;
  return "pass";
}

TEST(DatagramsTest, ASendThatFailsOtherwiseSaysNothingOfARefusal) {
  ScenarioLoop loop;
  const Deadline deadline(loop.loop(), std::chrono::seconds(1));
  const auto judged = [&](const DatagramDelivery& delivery) {
    return kind_of(judge_refused_send(delivery, "a refusal", deadline));
  };
  EXPECT_EQ(judged(PortUnreachable{}), "pass");
  EXPECT_EQ(judged(AllSent{}), "fail NotRefused");
  EXPECT_EQ(judged(TimedOut{}), "fail Timeout");
  EXPECT_EQ(judged(LocalTrouble{"sendto", EHOSTUNREACH}),
            kind_of(trouble({"sendto", EHOSTUNREACH})));
  EXPECT_THAT(judged(LocalTrouble{"sendto", EHOSTUNREACH}), testing::StartsWith("error "));
  EXPECT_EQ(judged(HarnessStalled{}), "error HarnessStalled");
}

TEST(DatagramsTest, WhereTheRefusalWasNotExpectedItIsNoSilence) {
  const auto result =
      run_alone(kDeadPort + R"({"send": "x", "on": "c"}, {"expect": "ab", "on": "c"})");
  EXPECT_EQ(outcome_of(result), "fail PortUnreachable");
}

TEST(DatagramsTest, AnAnswerOrSilenceIsNoRefusal) {
  const auto result =
      run_with(answering({"ab"}), kConnect + R"({"send": "x"}, {"expect_refused": "c"})");
  EXPECT_EQ(outcome_of(result), "fail UnexpectedData");
  const auto silent =
      run_with([](Peer& peer) { peer.receive(); },
               kConnect + R"({"send": "x"}, {"expect_refused": "c", "within": "50ms"})");
  EXPECT_EQ(outcome_of(silent), "fail Timeout");
}

TEST(DatagramsTest, AStreamMayTakeTheNameOfAClosedSocket) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send(peer.receive(2));
        peer.await_end();
      },
      R"({"connect": "c", "over": "udp"}, {"close": "c"}, {"connect": "c"}, {"send": "hi"},
         {"expect": "hi"}, {"close": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(DatagramsTest, WhatOnlyStreamsHaveIsAMistake) {
  EXPECT_THAT(mistakes_of(kConnect + R"({"expect_eof": "c"})"),
              HasSubstr("'c' is a UDP socket: it has datagrams, and neither a stream nor an end"));
  EXPECT_THAT(mistakes_of(kConnect + R"({"expect_eof": true})"), HasSubstr("is a UDP socket"));
  EXPECT_THAT(mistakes_of(R"({"socket": "s", "type": "udp"}, {"shutdown": "s"})"),
              HasSubstr("is a UDP socket"));
  EXPECT_THAT(mistakes_of(kConnect + R"({"send": "ab", "split": [1]})"),
              HasSubstr("a send on UDP is one datagram"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "over": "udp", "outcome": "refused"})"),
              HasSubstr("'outcome' is for TCP"));
}

TEST(DatagramsTest, WhatOnlyDatagramsHaveIsAMistakeOnAStream) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"ask": "x", "reply": "y"})"),
              HasSubstr("'c' is no UDP socket"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"expect": "x", "pass_over": true})"),
              HasSubstr("only datagrams can be passed over"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "unconnected": true})"),
              HasSubstr("only a UDP socket can send without a connect"));
}

TEST(DatagramsTest, DropsOfAFullBufferAreCounted) {
  const std::string sends =
      R"({"repeat": 50, "steps": [{"call": "sendto", "on": "from", "to": "${to.address}",
         "data": {"repeat": "x", "times": 1000}, "returns": 1000}]}, )";
  const std::string open =
      R"({"socket": "to", "type": "udp", "bind": "127.0.0.1:0"},
         {"call": "set_receive_buffer", "on": "to", "value": 1}, {"socket": "from", "type": "udp"}, )";
  const auto result = run_alone(open + sends + R"({"call": "drops", "on": "to", "at_least": 1})",
                                R"("ignore_leftover": true,)");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  const auto too_few = run_alone(open + sends + R"({"call": "drops", "on": "to", "at_least": 51})",
                                 R"("ignore_leftover": true,)");
  EXPECT_EQ(outcome_of(too_few), "fail CallResult");
}

}  // namespace
}  // namespace dialtone
