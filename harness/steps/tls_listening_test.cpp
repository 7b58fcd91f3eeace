#include "harness/steps/tls_listening.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/tls_identity.hpp"
#include "harness/steps/step_test_support.hpp"

/// listen and accept over TLS, with the harness on both sides: a target whose transport trusts the
/// authority of this run.
namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

ScenarioResult run_tls(std::string_view steps) {
  const auto target = target_at(SocketAddress::loopback_ipv4(1));
  const auto& authority = RunAuthority::get().identity();
  target->set_tls(
      {TlsContext::make(authority, RunAuthority::get().issue(Subject{"me"})), "localhost"});
  return unless_too_busy([&] {
    ScenarioLoop loop;
    return loop.run(suite_of(steps), *target);
  });
}

/// The caller and the acceptor side by side: each waits for the other's part of the handshake.
std::string meeting(std::string_view listen, std::string_view connect, std::string_view accept,
                    std::string_view rest = "") {
  return fmt::format(R"({{"listen": "desk", "tls": true{}}},
      {{"parallel": [[{{"connect": "c", "to": "${{desk.address}}", "tls": true{}}}],
                     [{{"accept": "call", "on": "desk"{}}}]]}}{})",
                     listen, connect, accept, rest);
}

std::string judge(const std::string& steps) {
  const auto result = run_tls(steps);
  return outcome_of(result) + (result.problem.message.empty() ? "" : ": " + result.problem.message);
}

constexpr std::string_view kTalk =
    R"(, {"send": "hello", "on": "c"}, {"expect": "hello", "on": "call"}, {"shutdown": "call"}, {"expect_eof": "c"})";

TEST(TlsListeningTest, ItsCertificateIsTrustedForItsNameAndItsAddress) {
  EXPECT_EQ(judge(meeting("", "", "", kTalk)), "pass");
  EXPECT_EQ(judge(meeting("", R"(, "server_name": "${desk.host}")", "", kTalk)), "pass");
}

class FlawedCertificate : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(FlawedCertificate, IsRefusedByAClientThatVerifies) {
  const auto& [flaw, why] = GetParam();
  const auto listen = fmt::format(R"(, "flaw": "{}")", flaw);
  EXPECT_EQ(judge(meeting(listen, R"(, "outcome": "tls_failed")", R"(, "outcome": "tls_failed")")),
            "pass");
  EXPECT_EQ(judge(meeting(listen, R"(, "outcome": "tls_failed")", R"(, "outcome": "distrusted")")),
            "pass");
  EXPECT_THAT(judge(meeting(listen, R"(, "outcome": "tls_failed")", "")),
              AllOf(HasSubstr("fail AcceptOutcome"), HasSubstr("the peer's alert")));
  EXPECT_THAT(judge(meeting(listen, "", R"(, "outcome": "distrusted")")), HasSubstr(why));
}

INSTANTIATE_TEST_SUITE_P(Each, FlawedCertificate,
                         testing::Values(std::pair("other_name", "hostname mismatch"),
                                         std::pair("expired", "certificate has expired"),
                                         std::pair("stranger", "authority is unknown")),
                         [](const auto& each) { return std::string(each.param.first); });

TEST(TlsListeningTest, AClientThatSpeaksHasTrusted) {
  EXPECT_THAT(judge(R"({"listen": "desk", "tls": true},
      {"parallel": [[{"connect": "c", "to": "${desk.address}", "tls": true}, {"send": "hi", "on": "c"}],
                    [{"accept": "call", "on": "desk", "outcome": "distrusted"}]]})"),
              AllOf(HasSubstr("fail AcceptOutcome"), HasSubstr("it said 2 octets")));
  EXPECT_EQ(judge(R"({"listen": "desk", "tls": true},
      {"parallel": [[{"connect": "c", "to": "${desk.address}", "tls": true}, {"close": "c"}],
                    [{"accept": "call", "on": "desk", "outcome": "distrusted"}]]})"),
            "pass");
}

TEST(TlsListeningTest, AnEstablishedSessionIsNoFailedOne) {
  EXPECT_THAT(judge(meeting("", "", R"(, "outcome": "tls_failed")")),
              HasSubstr("expected TLS to fail, but it was established"));
}

TEST(TlsListeningTest, AServerThatSaysNothingHasNotRefusedTls) {
  const auto connect = [](std::string_view outcome) {
    return judge(fmt::format(R"({{"listen": "desk"}},
        {{"connect": "c", "to": "${{desk.address}}", "tls": true, {}, "within": "150ms"}})",
                             outcome));
  };
  EXPECT_THAT(connect(R"("outcome": "tls_failed")"),
              AllOf(HasSubstr("fail ConnectOutcome"), HasSubstr("it was timeout")));
  EXPECT_THAT(connect(R"("alpn": "other", "alpn_unknown": true)"), HasSubstr("it was timeout"));
  EXPECT_EQ(connect(R"("outcome": "timeout")"), "pass");
}

TEST(TlsListeningTest, AClientThatSaysNothingHasNotRefusedTls) {
  for (const auto* outcome : {"connected", "tls_failed", "distrusted"}) {
    EXPECT_THAT(judge(fmt::format(R"({{"listen": "desk", "tls": true}},
        {{"connect": "c", "to": "${{desk.address}}", "tls": false}},
        {{"accept": "call", "on": "desk", "outcome": "{}", "within": "150ms"}})",
                                  outcome)),
                AllOf(HasSubstr("fail Timeout"), HasSubstr("did not go on")))
        << outcome;
  }
}

TEST(TlsListeningTest, ClientsAreAskedForACertificateOfTheGivenAuthority) {
  const auto listen = fmt::format(R"(, "ca": "{}")", RunAuthority::get().file());
  EXPECT_EQ(judge(meeting(listen, "", "", kTalk)), "pass");
  for (const auto* shown : {"none", "stranger"}) {
    EXPECT_EQ(judge(meeting(listen,
                            fmt::format(R"(, "certificate": "{}", "outcome": "tls_failed")", shown),
                            R"(, "outcome": "tls_failed")")),
              "pass")
        << shown;
  }
}

TEST(TlsListeningTest, ItsProtocolIsAgreedOnAndNoOther) {
  constexpr std::string_view listen = R"(, "alpn": "line")";
  EXPECT_EQ(judge(meeting(listen, R"(, "alpn": "line")", "", kTalk)), "pass");
  EXPECT_EQ(judge(meeting(listen, R"(, "alpn": "other", "outcome": "tls_failed")",
                          R"(, "outcome": "tls_failed")")),
            "pass");
  EXPECT_EQ(judge(meeting(listen, R"(, "alpn": "other", "alpn_unknown": true)",
                          R"(, "outcome": "tls_failed")")),
            "pass");
  EXPECT_EQ(judge(meeting("", R"(, "alpn": "other", "alpn_unknown": true)", "")), "pass");
  EXPECT_THAT(judge(meeting(listen, R"(, "alpn": "line", "alpn_unknown": true)", "")),
              HasSubstr("expected no agreement on ALPN, but it was 'line'"));
}

TEST(TlsListeningTest, OneVersionAloneIsOffered) {
  for (const auto* version : {"1.2", "1.3"}) {
    const auto steps = meeting("", fmt::format(R"(, "tls_version": "{}")", version), "", kTalk);
    EXPECT_EQ(judge(steps), "pass") << version;
  }
  for (const auto* version : {"1.0", "1.1"}) {
    EXPECT_THAT(judge(meeting("", fmt::format(R"(, "tls_version": "{}")", version),
                              R"(, "outcome": "tls_failed")")),
                HasSubstr("protocol version"))
        << version;
  }
}

TEST(TlsListeningTest, FilesOfItsOwnTakeThePlaceOfWhatIsMade) {
  const PrivateDirectory files;
  const auto other = make_identity({"Other CA", "DNS:localhost"});
  files.write("server.pem", other.certificate_pem());
  files.write("server.key", other.key_pem());
  const auto listen =
      fmt::format(R"(, "certificate": "{0}.pem", "key": "{0}.key")", files.path("server"));
  EXPECT_THAT(judge(meeting(listen, "", R"(, "outcome": "tls_failed")")),
              HasSubstr("issued by CN=Other CA"));
}

TEST(TlsListeningTest, MistakesAreFoundWhereTheyStand) {
  EXPECT_THAT(mistakes_of(R"({"listen": "d", "flaw": "expired"})"),
              AllOf(HasSubstr("test.json:1:"), HasSubstr("'flaw' needs TLS")));
  EXPECT_THAT(mistakes_of(R"({"listen": "d", "tls": true, "key": "a.key"})"),
              HasSubstr("'key' needs 'certificate'"));
  EXPECT_THAT(mistakes_of(R"({"listen": "d", "tls": true, "ca": "no-such.pem"})"),
              AllOf(HasSubstr("test.json:1:"), HasSubstr("'ca' is"), HasSubstr("OpenSSL refuses")));
  EXPECT_THAT(mistakes_of(R"({"listen": "d", "tls": true, "alpn": ""})"),
              HasSubstr("1 to 255 octets"));
}

TEST(TlsListeningTest, RecordsAreCutBelowTls) {
  constexpr std::string_view cut = R"(,
      {"parallel": [[{"send": "hello", "on": "c", "split_records": "octets"}],
                    [{"expect": "hello", "on": "call"}]]})";
  EXPECT_EQ(judge(meeting("", "", "", cut)), "pass");
  EXPECT_THAT(judge(R"({"listen": "desk"}, {"connect": "c", "to": "${desk.address}", "tls": false},
                       {"send": "x", "on": "c", "split_records": 1})"),
              HasSubstr("error NoTls"));
}

TEST(TlsListeningTest, ACutBehindTheRecordsCannotBeMade) {
  EXPECT_THAT(judge(meeting("", "", "", R"(, {"send": "x", "on": "c", "split_records": 5000})")),
              HasSubstr("error NoSuchCut"));
}

TEST(TlsListeningTest, CloseNotifyAloneIsNoFinAndFinAloneIsTruncated) {
  EXPECT_THAT(judge(meeting("", "", "", R"(, {"shutdown": "c", "close_notify": "alone"},
                                            {"expect_eof": "call", "within": "200ms"})")),
              HasSubstr("close_notify had come, but no FIN"));
  EXPECT_EQ(judge(meeting("", "", "", R"(, {"shutdown": "c", "close_notify": "omitted"},
                                          {"expect_eof": "call", "truncated": true})")),
            "pass");
}

// A client that closes at once leaves our close_notify unread, and its kernel sends RST for FIN.
TEST(TlsListeningTest, AResetIsAnEndingOnlyBehindCloseNotify) {
  constexpr std::string_view judged = R"(, {"expect_eof": "call", "or_reset": true})";
  EXPECT_EQ(
      judge(meeting("", "", "",
                    fmt::format(R"(, {}, {}{})", R"({"shutdown": "c", "close_notify": "alone"})",
                                R"({"reset": "c"})", judged))),
      "pass");
  EXPECT_THAT(
      judge(meeting("", "", "", fmt::format(R"(, {}{})", R"({"reset": "c"})", judged))),
      AllOf(HasSubstr("fail UnexpectedReset"), HasSubstr("; no close_notify had come before it")));
}

TEST(TlsListeningTest, AForgedRecordBreaksTheSession) {
  constexpr std::string_view forged = R"(, {"send": "x", "on": "c", "forged": true})";
  EXPECT_EQ(judge(meeting("", "", "",
                          std::string(forged) + R"(, {"expect_eof": "call", "any_ending": true})")),
            "pass");
  EXPECT_THAT(judge(meeting("", "", "", std::string(forged) + R"(, {"expect_eof": "call"})")),
              HasSubstr("decryption failed or bad record mac"));
}

TEST(TlsListeningTest, AnyEndingIsAnEndingAndNoSilence) {
  constexpr std::string_view judged =
      R"(, {"expect_eof": "call", "any_ending": true, "within": "200ms"})";
  EXPECT_THAT(judge(meeting("", "", "", judged)), HasSubstr("fail Timeout"));
  for (const auto* end : {R"({"reset": "c"})", R"({"close": "c"})",
                          R"({"shutdown": "c", "close_notify": "omitted"})"}) {
    EXPECT_EQ(judge(meeting("", "", "", fmt::format(", {}{}", end, judged))), "pass") << end;
  }
  EXPECT_THAT(
      mistakes_of(
          R"({"connect": "c"}, {"expect_eof": "c", "any_ending": true, "truncated": true})"),
      HasSubstr("'truncated' and 'any_ending' exclude each other"));
}

TEST(TlsListeningTest, WhatIsDoneBelowTlsExcludesWhatIsDoneAboveIt) {
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "xy", "split": 1, "split_records": 1})"),
              HasSubstr("'split_records' and 'split' exclude each other"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c"}, {"send": "xy", "forged": true, "urgent": true})"),
              HasSubstr("'forged' and 'urgent' exclude each other"));
  EXPECT_THAT(judge(R"({"listen": "desk"}, {"connect": "c", "to": "${desk.address}", "tls": false},
                       {"shutdown": "c", "close_notify": "alone"})"),
              HasSubstr("error NoTls"));
  EXPECT_THAT(mistakes_of(R"({"connect": "c", "alpn_unknown": true})"),
              HasSubstr("'alpn_unknown' needs 'alpn'"));
}

}  // namespace
}  // namespace dialtone
