// `dialtone serve --line` as a program: what its signals do, and the faults that only a process of
// its own shows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "harness/cli/e2e_support.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

bool eventually(const std::function<bool()>& holds) {
  const auto give_up = std::chrono::steady_clock::now() + seconds(60);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

/// A connection with blocking calls, each of which gives up after 60 s.
class Line {
 public:
  explicit Line(const SocketAddress& to)
      : fd_(::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{60, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    is_open_ = ::connect(fd_.get(), to.data(), to.size()) == 0;
  }

  bool is_open() const { return is_open_; }
  void say(std::string_view octets) const {
    ::send(fd_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
  }
  std::string hear(std::size_t count) const {
    std::string all(count, '\0');
    const auto got = ::recv(fd_.get(), all.data(), count, MSG_WAITALL);
    all.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return all;
  }
  bool ends_by_fin() const {
    char octet = 0;
    return ::recv(fd_.get(), &octet, 1, 0) == 0;
  }
  std::string ask(std::string_view request) const {
    say(request);
    return hear(12);
  }
  void shutdown() const { ::shutdown(fd_.get(), SHUT_WR); }
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  bool is_open_ = false;
};

const std::string kReply = "thank you !\n";

class ServeLine {
 public:
  explicit ServeLine(Words more = {}) : program_(command(std::move(more))) {
    const auto where = program_.line_after("listening on ");
    address_ = SocketAddress::parse(where).value_or(SocketAddress());
  }

  Program& program() { return program_; }
  pid_t program_id() const { return program_.pid(); }
  SocketAddress address() const { return address_; }
  Line dial() const { return Line(address_); }
  bool refuses() const { return !dial().is_open(); }

  /// Of its processor time, in seconds.
  double used() const {
    std::ifstream in(fmt::format("/proc/{}/stat", program_.pid()));
    std::string text((std::istreambuf_iterator<char>(in)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 private:
  static Command command(Words more) {
    Words words{"serve", "--line", "--port", "0"};
    words.insert(words.end(), more.begin(), more.end());
    return dialtone_command(words);
  }

  Program program_;
  SocketAddress address_;
};

TEST(ServeLineTest, SigtermDrainsItAndItsEndIsAGoodOne) {
  ServeLine server;
  const auto idle = server.dial();
  const auto half = server.dial();
  half.say("ha");
  ASSERT_EQ(idle.ask("x\n"), kReply);  // by then the other one was accepted too
  server.program().send_signal(SIGTERM);
  EXPECT_TRUE(idle.ends_by_fin());
  EXPECT_TRUE(server.refuses());
  EXPECT_EQ(half.ask("lf\n"), kReply);
  EXPECT_TRUE(half.ends_by_fin());
  EXPECT_EQ(server.program().finish().how, "exit code 0");
}

TEST(ServeLineTest, SigintEndsItAtOnce) {
  ServeLine server;
  const auto half = server.dial();
  half.say("x\nha");
  ASSERT_EQ(half.hear(12), kReply);
  server.program().send_signal(SIGINT);
  EXPECT_EQ(server.program().finish().how, "exit code 0");
}

TEST(ServeLineTest, Sigusr1ClosesTheListenerAlone) {
  ServeLine server;
  const auto client = server.dial();
  ASSERT_EQ(client.ask("x\n"), kReply);
  server.program().send_signal(SIGUSR1);
  EXPECT_TRUE(eventually([&] { return server.refuses(); }));
  EXPECT_EQ(client.ask("x\n"), kReply);
}

TEST(ServeLineTest, ItsLimitsAreOptions) {
  const ServeLine server({"--idle-limit", "100ms", "--slow-limit", "100ms"});
  EXPECT_TRUE(server.dial().ends_by_fin());
  const auto slow = server.dial();
  slow.say("half");
  EXPECT_TRUE(slow.ends_by_fin());
}

TEST(ServeLineTest, OnEveryAddressItIsReachedByBothFamilies) {
  const ServeLine server({"--any-address"});
  const auto port = server.address().port();
  EXPECT_EQ(Line(SocketAddress::loopback_ipv4(port)).ask("x\n"), kReply);
  EXPECT_EQ(Line(*SocketAddress::from_host("::1", port)).ask("x\n"), kReply);
}

TEST(ServeLineTest, MistakesAreTold) {
  const auto fault = run_dialtone({"serve", "--line", "--fault", "swop"});
  EXPECT_EQ(fault.exit_code, 2);
  EXPECT_THAT(fault.err, HasSubstr("did you mean 'swap'?"));
  const auto limit = run_dialtone({"serve", "--line", "--idle-limit", "5"});
  EXPECT_EQ(limit.exit_code, 2);
  EXPECT_THAT(limit.err, HasSubstr("--idle-limit: bad duration '5'"));
  EXPECT_EQ(run_dialtone({"serve", "--line", "--once"}).exit_code, 2);
  EXPECT_EQ(run_dialtone({"serve", "--slow-limit", "1s"}).exit_code, 2);
}

TEST(ServeLineTest, StoppedAndContinuedItGoesOn) {
  ServeLine server;
  const auto client = server.dial();
  ASSERT_EQ(client.ask("x\n"), kReply);
  server.program().send_signal(SIGSTOP);
  server.program().send_signal(SIGCONT);
  EXPECT_EQ(client.ask("x\n"), kReply);
}

TEST(LineFaultProgramTest, EintrExitDiesWhenItGoesOn) {
  ServeLine server({"--fault", "eintr-exit"});
  server.program().send_signal(SIGSTOP);
  server.program().send_signal(SIGCONT);
  EXPECT_EQ(server.program().finish().how, "exit code 1");
}

TEST(LineFaultProgramTest, NoDrainExitsWithARequestUnderWay) {
  ServeLine server({"--fault", "no-drain"});
  const auto half = server.dial();
  half.say("x\nha");
  ASSERT_EQ(half.hear(12), kReply);
  server.program().send_signal(SIGTERM);
  EXPECT_EQ(server.program().finish().how, "exit code 0");
  EXPECT_TRUE(half.ends_by_fin());
}

TEST(LineFaultProgramTest, IgnoreTermServesOn) {
  ServeLine server({"--fault", "ignore-term"});
  const auto client = server.dial();
  server.program().send_signal(SIGTERM);
  ASSERT_TRUE(server.program().prints("asked to end"));
  EXPECT_EQ(client.ask("x\n"), kReply);
  EXPECT_FALSE(server.refuses());
}

/// Requests whose client is gone before it is answered: the second reply meets EPIPE.
void ask_and_go(ServeLine& server) {
  auto client = server.dial();
  ASSERT_EQ(client.ask("x\n"), kReply);
  server.program().send_signal(SIGSTOP);
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "x\n";
  client.say(requests);
  client.close();
  server.program().send_signal(SIGCONT);
}

TEST(LineFaultProgramTest, SigpipeIsKilledByIt) {
  ServeLine server({"--fault", "sigpipe"});
  ask_and_go(server);
  EXPECT_EQ(server.program().finish().how, "killed by SIGPIPE");
}

TEST(LineFaultProgramTest, WithoutItTheServerLives) {
  ServeLine server;
  ask_and_go(server);
  EXPECT_EQ(server.dial().ask("x\n"), kReply);
}

TEST(LineFaultProgramTest, InheritLeavesTheListenerToAChild) {
  std::uint16_t port = 0;
  {
    ServeLine server({"--fault", "inherit"});
    port = server.address().port();
    ASSERT_EQ(server.dial().ask("x\n"), kReply);
    server.program().send_signal(SIGKILL);
    ASSERT_TRUE(eventually([&] {
      std::ifstream in(fmt::format("/proc/{}/stat", server.program().pid()));
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      return text.find(") Z ") != std::string::npos;
    }));
    EXPECT_TRUE(server.dial().is_open()) << "nobody holds the listener any more";
  }  // its process group is killed here
  EXPECT_TRUE(eventually([&] { return !Line(SocketAddress::loopback_ipv4(port)).is_open(); }));
}

TEST(LineFaultProgramTest, SpinEofBurnsItsProcessorAndServesOn) {
  ServeLine server({"--fault", "spin-eof"});
  const auto gone = server.dial();
  gone.shutdown();
  EXPECT_TRUE(eventually([&] { return server.used() > 0.5; }));
  EXPECT_EQ(server.dial().ask("x\n"), kReply);
}

/// Lowers the limit so that one more client can be accepted; the next ones cannot.
void exhaust(const ServeLine& server, std::vector<Line>& clients) {
  const rlimit low{16, 16};
  ASSERT_EQ(::prlimit(server.program_id(), RLIMIT_NOFILE, &low, nullptr), 0);
  for (int i = 0; i < 20; ++i) clients.emplace_back(server.dial());
}

TEST(LineFaultProgramTest, EmfileSpinBurnsItsProcessorAtTheLimitOfDescriptors) {
  const ServeLine sound;
  const ServeLine spins({"--fault", "emfile-spin"});
  std::vector<Line> of_sound;
  std::vector<Line> of_spins;
  exhaust(sound, of_sound);
  exhaust(spins, of_spins);
  EXPECT_TRUE(eventually([&] { return spins.used() > 1.0; }));
  EXPECT_LT(sound.used(), 0.5);
  EXPECT_EQ(of_sound.front().ask("x\n"), kReply);
  // Fewer stay than may be accepted below the limit.
  of_sound.erase(of_sound.begin(), of_sound.end() - 2);
  EXPECT_EQ(of_sound.back().ask("x\n"), kReply);
}

// Each reply comes 400 ms late here: above 'reply_within', and far below 'step_timeout'.
TEST(LineFaultProgramTest, SlowRepliesBreakOnlyTheMedianWhereStepsMayTakeLonger) {
  const auto result =
      run_dialtone({"run", DIALTONE_SOURCE_DIR "/scenarios/robust", "--fault", "slow-reply",
                    "--filter", "ROB-01*", "--filter", "ROB-24", "--var", "reply_within=1s",
                    "--var", "step_timeout=100s", "--time-scale", "0.1"});
  EXPECT_EQ(ids_with("FAIL", result.out), std::set<std::string>{"ROB-24"}) << result.out;
  EXPECT_EQ(ids_with("pass", result.out),
            (std::set<std::string>{"ROB-01", "ROB-01.once", "ROB-01.same"}));
  EXPECT_THAT(result.out, testing::HasSubstr("the median of 10 times of 'reply' was"));
}

}  // namespace
}  // namespace dialtone
