// Launched servers on IPv6 and on Unix sockets, and names of several addresses.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <net/if.h>
#include <fstream>

#include "harness/runner/external_target.hpp"
#include "harness/runner/process_endpoint.hpp"
#include "harness/runner/process_target.hpp"
#include "harness/runner/runner_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Called with a host or path and a port. The first who connects gets an answer, and it closes
/// first, so that it leaves TIME_WAIT behind it; without SO_REUSEADDR.
constexpr std::string_view kServer = R"(import os, socket, sys
host, port, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if mode == 'unix':
    s = socket.socket(socket.AF_UNIX)
    os.chdir(os.path.dirname(host))
    s.bind(os.path.basename(host))
elif ':' in host:
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, mode == 'only')
    s.bind((host, port))
else:
    s = socket.socket()
    s.bind((host, port))
s.listen(8)
while True:
    c, _ = s.accept()
    c.recv(100)
    c.sendall(b'reply')
    c.close()
)";

constexpr const char* kAsk =
    R"({"connect": "c"}, {"send": "x"}, {"expect": "reply"}, {"expect_eof": "c"})";

class TransportsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto trouble = family_trouble(*SocketAddress::from_host("::1", 0));
    if (trouble) GTEST_SKIP() << *trouble;
  }
  ~TransportsTest() override { EXPECT_TRUE(has_no_child()); }

  /// The server binds `bind`, whatever the profile says.
  Profile profile(const std::string& address, const std::string& bind, const std::string& mode = "",
                  std::string_view start_extra = {}) const {
    const auto words = fmt::format(R"("/usr/bin/python3", "{}", "{}", "{}", "{}")", script_, bind,
                                   address.starts_with("unix:") ? "0" : "${port}", mode);
    return program_.profile_of_command(words, start_extra,
                                       fmt::format(R"("address": "{}",)", address));
  }

  static ScenarioResult ask(const Profile& profile) {
    return std::move(run_process(profile, suite_of_scenarios({kAsk})).results.at(0));
  }

  ServerProgram program_;
  std::string script_ = program_.file("transports.py", kServer);
};

struct Place {
  const char* name;
  const char* address;
  const char* bind;
};

class ReadyOn : public TransportsTest, public ::testing::WithParamInterface<Place> {};

TEST_P(ReadyOn, AServerThatListensThere) {
  const auto result = ask(profile(GetParam().address, GetParam().bind));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// TIME_WAIT of the launch before is cleared, in each family.
TEST_P(ReadyOn, AServerThatIsLaunchedAgainOnItsPort) {
  const auto port = free_port({*SocketAddress::parse("[::1]:0"), SocketAddress::loopback_ipv4(0)});
  std::string address = GetParam().address;
  address.replace(address.find("${port}"), 7, std::to_string(port));
  auto fixed = profile(address, GetParam().bind);
  fixed.start->command.at(3) = std::get<Template>(Template::parse(std::to_string(port)));
  const auto finished = run_process(fixed, suite_of_scenarios({kAsk, kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"))
      << finished.results[1].problem.message;
}

INSTANTIATE_TEST_SUITE_P(Each, ReadyOn,
                         ::testing::Values(Place{"Ipv6", "[::1]:${port}", "::1"},
                                           Place{"DualStackByIpv6", "[::1]:${port}", "::"},
                                           Place{"DualStackByIpv4", "127.0.0.1:${port}", "::"},
                                           Place{"EveryIpv4Address", "127.0.0.1:${port}",
                                                 "0.0.0.0"},
                                           Place{"AName", "localhost:${port}", "127.0.0.1"}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_F(TransportsTest, ASocketForIpv6OnlyIsNotReadyOnIpv4) {
  const auto result =
      ask(profile("127.0.0.1:${port}", "::", "only", R"("ready_within": "500ms",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message, HasSubstr("it listens on [::]:"));
}

TEST_F(TransportsTest, AServerOnIpv4IsNotReadyOnIpv6) {
  const auto result = ask(profile("[::1]:${port}", "0.0.0.0", "", R"("ready_within": "500ms",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message, HasSubstr("it listens on 0.0.0.0:"));
}

TEST_F(TransportsTest, OfANamesAddressesTheOneThatItListensOnIsUsed) {
  ScenarioLoop loop;
  const auto port = free_port({*SocketAddress::parse("[::1]:0"), SocketAddress::loopback_ipv4(0)});
  Launch launch{{"/usr/bin/python3", script_, "127.0.0.1", std::to_string(port), ""},
                *SocketAddress::from_host("::1", port),
                true,
                std::chrono::seconds(20),
                SIGTERM,
                std::chrono::seconds(20),
                {},
                {},
                {},
                {SocketAddress::loopback_ipv4(port)}};
  ProcessEndpoint endpoint(loop.loop(), launch);
  Recorder recorder;
  const auto whole = [&]() -> Task<> {
    const auto problem = co_await endpoint.start(recorder);
    EXPECT_EQ(problem.value_or(""), "");
    co_await endpoint.stop();
  };
  loop.run(whole());
  EXPECT_EQ(endpoint.address(), SocketAddress::loopback_ipv4(port));
}

class UnixTargetTest : public TransportsTest {
 protected:
  void SetUp() override {}
  std::string path_ = program_.file("server.sock", "");
  UnixTargetTest() { ::unlink(path_.c_str()); }
};

// The name that the server binds is relative to a folder that it went to.
TEST_F(UnixTargetTest, AServerOnAPathIsLaunchedAndAskedAgainAndAgain) {
  const auto profile = this->profile("unix:" + path_, path_, "unix");
  const auto finished = run_process(profile, suite_of_scenarios({kAsk, kAsk, kAsk}));
  EXPECT_THAT(outcomes_of(finished.results), ElementsAre("S0 pass", "S1 pass", "S2 pass"))
      << finished.results[0].problem.message << finished.results[1].problem.message;
  EXPECT_NE(::access(path_.c_str(), F_OK), 0) << "the file went with the server";
}

TEST_F(UnixTargetTest, WhatNeedsTheTableOfSocketsIsSkipped) {
  const auto made = make_process_target(profile("unix:" + path_, path_, "unix"), 1.0, false);
  ASSERT_TRUE(std::holds_alternative<std::unique_ptr<Target>>(made));
  EXPECT_EQ(std::get<0>(made)->provides(),
            with_ipv6_host(
                {"control.restart", "local", "process", "process_control", "process_observation"}));
  EXPECT_EQ(std::get<0>(made)->most_at_once(), 1);
}

TEST_F(UnixTargetTest, APathThatIsTakenIsSaid) {
  auto opened = Listener::open(*SocketAddress::unix_socket(path_), 1);
  ASSERT_TRUE(opened.ok());
  const auto result = ask(profile("unix:" + path_, path_, "unix"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message, AllOf(HasSubstr(path_), HasSubstr("is taken")));
}

TEST_F(UnixTargetTest, OneThatListensElsewhereIsToldSo) {
  const auto other = program_.file("other.sock", "");
  ::unlink(other.c_str());
  const auto result = ask(profile("unix:" + path_, other, "unix", R"("ready_within": "500ms",)"));
  EXPECT_EQ(outcome_of(result), "error TargetNotReady");
  EXPECT_THAT(result.problem.message,
              AllOf(HasSubstr(path_), HasSubstr("it listens on unix:"), HasSubstr("other.sock")));
}

TEST_F(UnixTargetTest, HasNoPort) {
  const auto made = make_process_target(profile("unix:/tmp/${port}", path_, "unix"), 1.0, true);
  ASSERT_TRUE(std::holds_alternative<std::string>(made));
  EXPECT_THAT(std::get<std::string>(made), HasSubstr("no ${port}"));
}

/// Runs `body` in a child without IPv6, in a network namespace of its own; its exit code, or -1
/// where this host allows no such namespace.
int without_ipv6(const std::function<int()>& body) {
  constexpr int kNotAllowed = 99;
  const auto child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) ::_exit(kNotAllowed);
    const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq up{};
    std::string("lo").copy(up.ifr_name, sizeof up.ifr_name - 1);
    up.ifr_flags = IFF_UP;
    std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << "1";
    if (::ioctl(fd.get(), SIOCSIFFLAGS, &up) != 0) ::_exit(kNotAllowed);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -2;
  return code == kNotAllowed ? -1 : code;
}

class WithoutIpv6 : public ::testing::TestWithParam<const char*> {};

// A connect that cannot even be tried says nothing of the server.
TEST_P(WithoutIpv6, ItIsTheHarnessesTroubleAndNoRefusal) {
  const auto code = without_ipv6([] {
    const auto result = run_alone(GetParam());
    const bool right =
        result.verdict == Verdict::kError &&
        result.problem.message.find("IPv6 is switched off on this host") != std::string::npos;
    if (!right) std::fprintf(stderr, "%s\n", result.problem.message.c_str());
    return right ? 0 : 1;
  });
  if (code == -1) GTEST_SKIP() << "no network namespace of our own here";
  EXPECT_EQ(code, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WithoutIpv6,
    ::testing::Values(R"({"connect": "c", "to": "[::1]:7"})",
                      R"({"connect": "c", "to": "[::1]:7", "outcome": "refused"})",
                      R"({"connect": "c", "to": "[::1]:7", "outcome": "timeout"})",
                      R"({"listen": "desk", "at": "[::1]:0"})"));

TEST(WithIpv6, AConnectThatIsRefusedIsRefused) {
  const auto loopback = *SocketAddress::from_host("::1", 0);
  if (family_trouble(loopback)) GTEST_SKIP() << *family_trouble(loopback);
  const UniqueFd bound(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(bound.get(), loopback.data(), loopback.size()), 0);
  const auto result =
      run_alone(fmt::format(R"({{"connect": "c", "to": "{}", "outcome": "refused"}})",
                            SocketAddress::local_of(bound.get())->to_string()));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

// The harness talks to itself over each transport: listen, accept, and all that follows.
class OwnListener : public ::testing::TestWithParam<const char*> {};

TEST_P(OwnListener, IsConnectedTo) {
  const auto result = run_alone(fmt::format(
      R"({{"listen": "desk", "at": "{}"}},
         {{"connect": "c", "to": "${{desk.address}}"}}, {{"accept": "s", "on": "desk"}},
         {{"send": "hello", "on": "c"}}, {{"expect": "hello", "on": "s"}},
         {{"shutdown": "c"}}, {{"expect_eof": "s"}},
         {{"send": "bye", "on": "s"}}, {{"close": "s"}}, {{"expect": "bye", "on": "c"}},
         {{"expect_eof": "c"}})",
      GetParam()));
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

INSTANTIATE_TEST_SUITE_P(Each, OwnListener,
                         ::testing::Values("127.0.0.1:0", "[::1]:0", "unix:@dialtone-own-test"));

TEST(UnixConnectionTest, ResetsWhatWasNotReadOnly) {
  const std::string both = R"({"listen": "desk", "at": "unix:@dialtone-reset-test"},
      {"connect": "c", "to": "${desk.address}"}, {"accept": "s", "on": "desk"},)";
  const auto unread =
      run_alone(both + R"({"send": "x", "on": "c"}, {"reset": "s"}, {"expect_reset": "c"})");
  EXPECT_EQ(outcome_of(unread), "pass") << unread.problem.message;
  const auto empty = run_alone(both + R"({"reset": "s"})");
  EXPECT_EQ(outcome_of(empty), "error NoReset");
}

}  // namespace
}  // namespace dialtone
