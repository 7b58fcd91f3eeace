// Targets over TLS: a server that is not ours, `openssl s_server -rev`, which sends each line back
// reversed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/tls_test_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kTalk =
    R"({"connect": "c"}, {"send": "hello\n"}, {"expect": "olleh\n"}, {"close": "c"})";
constexpr std::string_view kCut =
    R"({"connect": "c"}, {"send": "a\n"}, {"expect": "a\n"}, {"control": "restart"}, )";

class TlsTargetTest : public testing::Test {
 protected:
  TlsTargetTest() {
    pki.issue("server", {"localhost", "DNS:localhost,IP:127.0.0.1"});
    pki.issue("old", {"localhost", "DNS:localhost,IP:127.0.0.1", -9, -2});
    pki.issue("me", {"me", ""});
    pki.write("other.pem", make_identity({"Other CA", "", -1, 1, true}).certificate_pem());
  }

  /// Runs one scenario of these steps. `tls` is the profile's.
  ProgramResult run(std::string_view tls, std::string_view steps) {
    const auto profile = pki.write("profile.json", fmt::format(R"({{
  "name": "s_server", "address": "127.0.0.1:${{port}}",
  "start": {{"command": ["openssl", "s_server", "-accept", "127.0.0.1:${{port}}", "-rev", "-cert", "{0}.pem",
                         "-key", "{0}.key"{1}], "directory": "{2}"}},
  "tls": {3}}})",
                                                               identity, more, pki.path(""), tls));
    const auto scenario = fmt::format(R"({{"id": "T-1", "title": "t", "steps": [{}]}})", steps);
    const auto suite = pki.write("suite.json", suite_json("tls", scenario));
    return run_dialtone({"run", suite, "--target", profile, "--time-scale", "4"});
  }

  /// The verdict, and the details below it.
  Told told(std::string_view tls, std::string_view steps) {
    const auto result = run(tls, steps);
    const auto all = told_by(result.out);
    return all.contains("T-1") ? all.at("T-1") : Told{"none", result.out + result.err};
  }
  std::string verdict(std::string_view tls, std::string_view steps) {
    const auto what = told(tls, steps);
    return what.verdict == "pass" ? what.verdict : what.verdict + what.details;
  }

  TestPki pki;
  std::string identity = "server";
  std::string more;  ///< arguments of the server, each after ", "
};

const std::string kTrusted = R"({"ca": "ca.pem"})";

TEST_F(TlsTargetTest, ACertificateOfTheGivenAuthorityIsTrusted) {
  EXPECT_EQ(verdict(kTrusted, kTalk), "pass");
  EXPECT_EQ(verdict(R"({"ca": "ca.pem", "server_name": "localhost"})", kTalk), "pass");
}

TEST_F(TlsTargetTest, AnUnknownAuthorityIsAFailureThatSaysSo) {
  const auto what = told(R"({"ca": "other.pem"})", kTalk);
  EXPECT_EQ(what.verdict, "FAIL");
  EXPECT_THAT(what.details,
              AllOf(HasSubstr("to be connected, but it was tls_failed"),
                    HasSubstr("authority is unknown"), HasSubstr("issued by CN=Test CA")));
  EXPECT_EQ(told("true", kTalk).verdict, "FAIL");  // the system's authorities do not know it
  EXPECT_EQ(verdict(R"({"verify": false})", kTalk), "pass");
}

TEST_F(TlsTargetTest, AnotherNameFails) {
  const auto what = told(R"({"ca": "ca.pem", "server_name": "example.org"})", kTalk);
  EXPECT_EQ(what.verdict, "FAIL");
  EXPECT_THAT(what.details, HasSubstr("hostname mismatch, as it is not for 'example.org'"));
  EXPECT_EQ(verdict(kTrusted, R"({"connect": "c", "server_name": "example.org",
                                  "outcome": "tls_failed"})"),
            "pass");
  EXPECT_EQ(told(kTrusted, R"({"connect": "c", "outcome": "tls_failed"})").verdict, "FAIL");
}

TEST_F(TlsTargetTest, AnExpiredCertificateFails) {
  identity = "old";
  const auto what = told(kTrusted, kTalk);
  EXPECT_EQ(what.verdict, "FAIL");
  EXPECT_THAT(what.details, HasSubstr("certificate has expired"));
}

TEST_F(TlsTargetTest, AClientsCertificateIsShownWhereItIsRequired) {
  more = R"(, "-Verify", "1", "-verify_return_error", "-CAfile", "ca.pem")";
  EXPECT_EQ(verdict(R"({"ca": "ca.pem", "certificate": "me.pem", "key": "me.key"})", kTalk),
            "pass");
  EXPECT_EQ(verdict(kTrusted, R"({"connect": "c", "outcome": "tls_failed"})"), "pass");
  const auto what = told(kTrusted, kTalk);
  EXPECT_EQ(what.verdict, "FAIL");
  EXPECT_THAT(what.details, HasSubstr("the peer's alert: certificate required"));
}

TEST_F(TlsTargetTest, AlpnMustAgree) {
  EXPECT_THAT(told(kTrusted, R"({"connect": "c", "alpn": "h2"}, {"close": "c"})").details,
              HasSubstr("expected ALPN to agree on 'h2', but it was no protocol"));
  more = R"(, "-alpn", "h2")";
  EXPECT_EQ(verdict(kTrusted, R"({"connect": "c", "alpn": "h2"}, {"close": "c"})"), "pass");
  EXPECT_EQ(verdict(kTrusted, R"({"connect": "c", "alpn": "h3", "outcome": "tls_failed"})"),
            "pass");
}

TEST_F(TlsTargetTest, CloseNotifyThenFinIsNoTruncatedEnding) {
  constexpr std::string_view kHalf = R"({"connect": "c"}, {"shutdown": "c"}, {"expect_eof": "c")";
  EXPECT_EQ(verdict(kTrusted, fmt::format("{}}}", kHalf)), "pass");
  EXPECT_EQ(told(kTrusted, fmt::format(R"({}, "truncated": true}})", kHalf)).verdict, "FAIL");
}

TEST_F(TlsTargetTest, FinWithoutCloseNotifyIsTruncated) {
  const auto what = told(kTrusted, fmt::format(R"({}{{"expect_eof": "c"}})", kCut));
  EXPECT_EQ(what.verdict, "FAIL");
  EXPECT_THAT(what.details, HasSubstr("truncated: FIN without close_notify"));
  EXPECT_EQ(verdict(kTrusted, fmt::format(R"({}{{"expect_eof": "c", "truncated": true}})", kCut)),
            "pass");
}

TEST_F(TlsTargetTest, PlainOctetsMakeItsServerEnd) {
  EXPECT_EQ(verdict(kTrusted, R"({"connect": "c", "tls": false}, {"send": "GET / HTTP/1.1\r\n\r\n"},
                                 {"expect_eof": "c", "ignore_data": true, "or_reset": true})"),
            "pass");
}

TEST_F(TlsTargetTest, CallsWouldComeBetweenItsRecords) {
  const auto what = told(kTrusted, R"({"connect": "c"}, {"call": "recv", "on": "c", "size": 1})");
  EXPECT_EQ(what.verdict, "ERROR");
  EXPECT_THAT(what.details, HasSubstr("'c' speaks TLS"));
}

TEST_F(TlsTargetTest, ABadFileIsAMistakeOfTheProfile) {
  pki.write("bad.pem", "no certificate");
  const auto bad = run(R"({"ca": "bad.pem"})", kTalk);
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("profile.json:5:17: 'ca' is "),
                             HasSubstr("which OpenSSL refuses: no certificate or crl found")));
  const auto missing = run(R"({"ca": "none.pem"})", kTalk);
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("No such file or directory"));
}

TEST_F(TlsTargetTest, ATargetWithoutTlsSkipsWhatNeedsIt) {
  EXPECT_THAT(missing_by_id(run("false", R"({"connect": "c", "outcome": "tls_failed"})").out),
              testing::ElementsAre(testing::Pair("T-1", "tls")));
}

}  // namespace
}  // namespace dialtone
