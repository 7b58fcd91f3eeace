#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/steps/step_test_support.hpp"

/// call and socket.
namespace dialtone {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* name;
  const char* steps;
  const char* outcome;
};

class Call : public ::testing::TestWithParam<Case> {};

TEST_P(Call, IsJudgedByWhatItReturns) {
  const auto result = run_alone(GetParam().steps);
  EXPECT_EQ(outcome_of(result), GetParam().outcome) << result.problem.message;
}

INSTANTIATE_TEST_SUITE_P(
    OnSockets, Call,
    ::testing::Values(
        Case{"RightErrno", R"({"socket": "s"}, {"call": "recv", "on": "s", "errno": "ENOTCONN"})",
             "pass"},
        Case{"WrongErrno", R"({"socket": "s"}, {"call": "recv", "on": "s", "errno": "EPIPE"})",
             "fail CallResult"},
        Case{"ErrorWhereSuccessWasWanted", R"({"socket": "s"}, {"call": "recv", "on": "s"})",
             "fail CallResult"},
        Case{"SuccessWhereAnErrorWasWanted",
             R"({"socket": "s"}, {"call": "getsockname", "on": "s", "errno": "EBADF"})",
             "fail CallResult"},
        Case{"Refused",
             R"({"socket": "s"}, {"call": "connect", "on": "s", "errno": "EINPROGRESS"})", "pass"},
        Case{"NoPeerName",
             R"({"socket": "s"}, {"call": "getpeername", "on": "s", "errno": "ENOTCONN"})", "pass"},
        Case{"Listen",
             R"({"socket": "s", "bind": "127.0.0.1:0"}, {"call": "listen", "on": "s", "value": 2},
                          {"call": "is_listening", "on": "s", "returns": 1}, {"expect_socket": "s", "backlog": 2})",
             "pass"},
        Case{"NotListening",
             R"({"socket": "s"}, {"call": "is_listening", "on": "s", "returns": 0})", "pass"},
        Case{"WrongValue", R"({"socket": "s"}, {"call": "is_listening", "on": "s", "returns": 1})",
             "fail CallResult"},
        Case{
            "BindTwice",
            R"({"socket": "s", "bind": "127.0.0.1:0"}, {"call": "bind", "on": "s", "to": "127.0.0.1:0", "errno": "EINVAL"})",
            "pass"},
        Case{
            "BindTaken",
            R"({"listen": "l"}, {"socket": "s"}, {"call": "bind", "on": "s", "to": "${l.address}", "errno": "EADDRINUSE"})",
            "pass"},
        Case{"AcceptOnNoListener",
             R"({"socket": "s"}, {"call": "accept", "on": "s", "errno": "EINVAL"})", "pass"},
        Case{"AcceptWithNobody",
             R"({"listen": "l"}, {"call": "accept", "on": "l", "errno": "EAGAIN"})", "pass"},
        Case{
            "AcceptWithOne",
            R"({"listen": "l"}, {"connect": "c", "to": "${l.address}"}, {"call": "accept", "on": "l", "returns": 0})",
            "pass"},
        Case{
            "SendCountsOctets",
            R"({"listen": "l"}, {"connect": "c", "to": "${l.address}"}, {"call": "send", "on": "c", "data": "abc", "returns": 3})",
            "pass"},
        Case{
            "RecvAtMostSize",
            R"({"listen": "l"}, {"connect": "c", "to": "${l.address}"}, {"accept": "d", "on": "l"}, {"send": "abc", "on": "c"},
                                 {"expect_socket": "d", "unread": 3}, {"call": "recv", "on": "d", "size": 2, "returns": 2},
                                 {"call": "recv", "on": "d", "size": 2, "returns": 1}, {"call": "recv", "on": "d", "errno": "EAGAIN"})",
            "pass"},
        Case{
            "Datagram",
            R"({"socket": "to", "type": "udp", "bind": "127.0.0.1:0"}, {"socket": "s", "type": "udp"},
                            {"call": "sendto", "on": "s", "to": "${to.address}", "data": "abc", "returns": 3},
                            {"call": "recv", "on": "to", "size": 100, "returns": 3})",
            "pass"}),
    [](const auto& each) { return each.param.name; });

TEST(CallTest, AFailureSaysWhatItGave) {
  const auto result =
      run_alone(R"({"socket": "s"}, {"call": "recv", "on": "s", "errno": "EPIPE"})");
  EXPECT_EQ(result.problem.message, "recv gave ENOTCONN, expected EPIPE");
}

// The kernel tells of a reset once: recv would return 0 from then on, as after FIN.
TEST(CallTest, AResetThatItMetIsNoFinAfterwards) {
  const std::string met = R"({"connect": "c"}, {"send": "go", "on": "c"},
      {"expect_socket": "c", "state": ["GONE", "CLOSE"]},
      {"call": "recv", "on": "c", "errno": "ECONNRESET"}, )";
  const auto reset = run_against(reset_after_go, met + R"({"expect_reset": "c"})");
  EXPECT_EQ(outcome_of(reset), "pass") << reset.problem.message;
  const auto eof = run_against(reset_after_go, met + R"({"expect_eof": "c"})");
  EXPECT_EQ(eof.verdict, Verdict::kFail);
}

TEST(CallTest, AnUnknownErrnoIsAMistake) {
  EXPECT_THAT(mistakes_of(R"({"socket": "s"}, {"call": "recv", "on": "s", "errno": "EPIPES"})"),
              HasSubstr("unknown errno"));
}

TEST(CallTest, ACallThatFailsReturnsNothingElse) {
  EXPECT_THAT(
      mistakes_of(
          R"({"socket": "s"}, {"call": "recv", "on": "s", "errno": "EPIPE", "returns": 1})"),
      HasSubstr("returns nothing else"));
}

TEST(SocketTest, BoundAndNotListeningItRefuses) {
  const auto result = run_alone(
      R"({"socket": "dead", "bind": "127.0.0.1:0"}, {"connect": "c", "to": "${dead.address}", "outcome": "refused"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SocketTest, ATakenAddressIsOurOwnTrouble) {
  const auto result = run_alone(R"({"listen": "l"}, {"socket": "s", "bind": "${l.address}"})");
  EXPECT_EQ(outcome_of(result), "error LocalTrouble");
  EXPECT_THAT(result.problem.message, HasSubstr("EADDRINUSE"));
}

}  // namespace
}  // namespace dialtone
