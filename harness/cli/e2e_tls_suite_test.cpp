// The TLS suite against servers that are not ours, and the reference server and client over TLS
// against each other and against `openssl`.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/tls_test_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

using Ids = std::set<std::string>;

const std::string kTlsSuite = DIALTONE_SOURCE_DIR "/scenarios/tls";

/// The program of an identity that is made for the test, and the profile with it.
class TlsSuiteTest : public testing::Test {
 protected:
  TlsSuiteTest() { pki.issue("server", {"localhost", "DNS:localhost,IP:127.0.0.1"}); }

  ProgramResult run(const std::string& profile) {
    return run_dialtone(
        {"run", kTlsSuite, "--target", pki.write("profile.json", profile), "--time-scale", "4"});
  }

  TestPki pki;
};

/// What a server does, exactly: whatever is not named here passes.
struct Table {
  Ids known;
  Ids warned;
  Ids skipped;
};

void expect_table(const ProgramResult& result, const Table& table) {
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_EQ(ids_with("known", result.out), table.known) << result.out;
  EXPECT_EQ(ids_with("warn", result.out), table.warned) << result.out;
  EXPECT_EQ(ids_with("skip", result.out), table.skipped) << result.out;
}

const Ids kOfClients{"TLS-23", "TLS-24", "TLS-25", "TLS-26", "TLS-27", "TLS-28"};

Ids and_clients(Ids ids) {
  ids.insert(kOfClients.begin(), kOfClients.end());
  return ids;
}

/// It serves one client after another, and sends each line back reversed.
TEST_F(TlsSuiteTest, OpensslsServerServesOneClientAtATime) {
  const auto result = run(fmt::format(R"({{
  "name": "openssl s_server -rev", "address": "127.0.0.1:${{port}}",
  "start": {{ "command": ["openssl", "s_server", "-accept", "127.0.0.1:${{port}}", "-rev", "-cert", "server.pem",
                          "-key", "server.key"], "directory": "{}", "ready_within": "20s" }},
  "tls": {{ "ca": "ca.pem", "server_name": "localhost" }},
  "known_failures": {{ "TLS-10": "one client at a time", "TLS-11": "one client at a time" }},
  "parameters": {{ "request": "abc\n", "reply": "cba\n", "reply_within": "2s" }} }})",
                                      pki.path("")));
  expect_table(result, {{"TLS-10", "TLS-11"}, {}, and_clients({"TLS-07", "TLS-16", "TLS-18"})});
}

TEST_F(TlsSuiteTest, OpensslsServerDemandsACertificate) {
  pki.issue("me", {"me", ""});
  const auto result =
      run_dialtone({"run", kTlsSuite, "--filter", "TLS-07", "--time-scale", "4", "--target",
                    pki.write("profile.json", fmt::format(R"({{
  "name": "openssl s_server -Verify", "address": "127.0.0.1:${{port}}",
  "start": {{ "command": ["openssl", "s_server", "-accept", "127.0.0.1:${{port}}", "-rev", "-cert", "server.pem",
                          "-key", "server.key", "-Verify", "1", "-verify_return_error", "-CAfile", "ca.pem"],
              "directory": "{}", "ready_within": "20s" }},
  "provides": ["tls_client_certificate"],
  "tls": {{ "ca": "ca.pem", "server_name": "localhost", "certificate": "me.pem", "key": "me.key" }},
  "parameters": {{ "request": "abc\n", "reply": "cba\n" }} }})",
                                                          pki.path("")))});
  EXPECT_EQ(ids_with("pass", result.out), Ids{"TLS-07"}) << result.out << result.err;
}

constexpr std::string_view kNginx = R"sh(#!/bin/sh
# nginx.sh PORT: nginx with one worker, in this directory.
cd "$(dirname "$0")" || exit 1
PATH=$PATH:/usr/sbin:/sbin
mkdir -p www && printf alpha >www/a && head -c 9000000 /dev/zero | tr '\0' x >www/big || exit 1
cat >nginx.conf <<END
daemon off;
user $(id -un) $(id -gn);
worker_processes 1;
pid $PWD/nginx.pid;
error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  root $PWD/www;
  default_type text/plain;
  client_body_temp_path $PWD/t; proxy_temp_path $PWD/t; fastcgi_temp_path $PWD/t;
  uwsgi_temp_path $PWD/t; scgi_temp_path $PWD/t;
  server {
    listen 127.0.0.1:$1 ssl;
    ssl_certificate $PWD/server.pem;
    ssl_certificate_key $PWD/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
  }
}
END
exec nginx -p "$PWD" -c "$PWD/nginx.conf" -e stderr
)sh";

bool has_nginx() { return std::filesystem::exists("/usr/sbin/nginx"); }

/// A client that ends an idle connection has its FIN answered without close_notify.
TEST_F(TlsSuiteTest, NginxOwesItsCloseNotifyToAClientThatEnds) {
  if (!has_nginx()) GTEST_SKIP() << "nginx is not installed";
  const auto script = pki.write("nginx.sh", std::string(kNginx));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto result = run(fmt::format(R"({{
  "name": "nginx", "address": "127.0.0.1:${{port}}",
  "start": {{ "command": ["{}", "${{port}}"], "ready_within": "20s", "stop_within": "20s" }},
  "tls": {{ "ca": "ca.pem", "server_name": "localhost" }},
  "known_failures": {{ "TLS-19": "no close_notify", "TLS-20": "no close_notify", "TLS-21": "no close_notify" }},
  "parameters": {{
    "request": "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "reply": {{ "sequence": ["HTTP/1.1 200 OK\r\n", {{ "until": "\r\n\r\n" }}, "alpha"] }},
    "big_request": "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "big_reply": {{ "sequence": ["HTTP/1.1 200 OK\r\n", {{ "until": "\r\n\r\n" }}, {{ "repeat": "x", "times": 9000000 }}] }},
    "quit_request": "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "quit_reply": {{ "sequence": ["HTTP/1.1 200 OK\r\n", {{ "until": "\r\n\r\n" }}, "alpha"] }}
  }} }})",
                                      script));
  expect_table(result, {{"TLS-19", "TLS-20", "TLS-21"}, {}, and_clients({"TLS-07"})});
}

/// The reference server as a program, with its own certificate, under a profile as users write it;
/// the reference client as the client program.
TEST_F(TlsSuiteTest, TheReferenceServerAndClientPassAsForeignPrograms) {
  pki.issue("me", {"me", ""});
  const auto program = dialtone_command({}).argv.front();
  const auto result = run(fmt::format(R"({{
  "name": "serve --line --tls", "address": "127.0.0.1:${{port}}", "encoding": "gbk",
  "start": {{ "command": ["{0}", "serve", "--line", "--tls", "--port", "${{port}}", "--cert", "{1}server.pem",
                          "--key", "{1}server.key", "--client-ca", "{1}ca.pem"], "ready_within": "20s" }},
  "provides": ["tls_client_certificate"],
  "programs": {{ "tls_client": ["{0}", "dial", "--tls", "--tls-ca", "${{tls_ca}}", "--within", "20s", "${{host}}", "${{port}}"] }},
  "tls": {{ "ca": "ca.pem", "server_name": "localhost", "certificate": "me.pem", "key": "me.key" }},
  "parameters": {{
    "request": "echo a\n", "reply": "a\n", "quit_request": "quit\n", "quit_reply": "bye\n",
    "big_request": "big 9000000\n", "big_reply": [{{ "repeat": "0123456789", "times": 900000 }}, "\n"],
    "client_input": "hi\n", "client_request": "hi", "client_reply": "yes", "client_output": "yes"
  }} }})",
                                      program, pki.path("")));
  expect_table(result, {});
}

TEST_F(TlsSuiteTest, ServeWritesTheAuthorityThatOpensslsClientTrusts) {
  const auto profile = fmt::format(R"({{
  "name": "serve", "address": "127.0.0.1:${{port}}",
  "start": {{ "command": ["{}", "serve", "--line", "--tls", "--tls-ca-out", "{}", "--port", "${{port}}"] }},
  "programs": {{ "client": ["openssl", "s_client", "-connect", "${{address}}", "-CAfile", "{}", "-quiet",
                            "-verify_return_error", "-verify_hostname", "${{name}}", "-alpn", "dialtone-line"] }} }})",
                                   dialtone_command({}).argv.front(), pki.path("written.pem"),
                                   pki.path("written.pem"));
  const auto suite =
      pki.write("suite.json", suite_json("tls", R"({"id": "T-1", "title": "t", "steps": [
      {"spawn": "caller", "input": "quit\n"}, {"expect_output": "caller", "contains": "bye"},
      {"expect_exit": "caller", "code": 0}]})"));
  const auto run_for = [&](const std::string& name) {
    return run_dialtone({"run", suite, "--target", pki.write("profile.json", profile), "--var",
                         "name=" + name, "--time-scale", "4"});
  };
  const auto good = run_for("localhost");
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_EQ(run_for("other.invalid").exit_code, 1);
}

TEST(ServeTlsTest, MistakesOfTheCommandLineAreTold) {
  EXPECT_THAT(run_dialtone({"serve", "--tls"}).err, HasSubstr("--line"));
  const auto missing = run_dialtone({"serve", "--line", "--tls", "--port", "0", "--cert",
                                     "/no/such.pem", "--key", "/no/such.key"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err,
              AllOf(HasSubstr("'certificate' is '/no/such.pem'"), HasSubstr("OpenSSL refuses")));
  const auto fault = run_dialtone({"serve", "--line", "--tls", "--fault", "no-close-notfy"});
  EXPECT_EQ(fault.exit_code, 2);
  EXPECT_THAT(fault.err, HasSubstr("did you mean 'no-close-notify'?"));
  EXPECT_EQ(run_dialtone({"serve", "--line", "--fault", "no-close-notify"}).exit_code, 2);
  const auto unwritable = run_dialtone(
      {"serve", "--line", "--tls", "--port", "0", "--tls-ca-out", "/no/such/directory/ca.pem"});
  EXPECT_EQ(unwritable.exit_code, 2);
  EXPECT_THAT(unwritable.err, HasSubstr("cannot be written"));
}

TEST(DialTlsTest, ABadAuthorityIsTold) {
  const auto bad =
      run_dialtone({"dial", "--tls", "--tls-ca", "/no/such.pem", "127.0.0.1", "1", "x"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("'ca' is '/no/such.pem'"));
}

}  // namespace
}  // namespace dialtone
