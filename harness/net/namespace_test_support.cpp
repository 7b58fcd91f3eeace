#include "harness/net/namespace_test_support.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "harness/model/errno_name.hpp"
#include "harness/net/listener.hpp"

namespace dialtone {
namespace {

constexpr int kCannotBuild = 77;

/// The network that a test needs cannot be made here.
struct CannotBuild : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw CannotBuild(fmt::format("cannot write {}", path));
}

void new_network() {
  if (::unshare(CLONE_NEWNET) != 0)
    throw CannotBuild(fmt::format("unshare(CLONE_NEWNET): {}", errno_name(errno)));
  sh("ip link set lo up; sysctl -qw net.ipv6.conf.default.accept_dad=0");
}

/// As root, or as the root of a user namespace.
void first_network() {
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (user != 0) {
    if (::unshare(CLONE_NEWUSER) != 0)
      throw CannotBuild(fmt::format("unshare(CLONE_NEWUSER): {}", errno_name(errno)));
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", fmt::format("0 {} 1", user));
    write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
  }
  new_network();
}

void tell(int pipe, const std::string& text) {
  if (::write(pipe, text.data(), text.size()) < 0) ::_exit(1);
}

/// Tells the failures to the parent, whose reports they belong in.
int tell_failures(int pipe, const ::testing::TestPartResultArray& results) {
  int code = 0;
  for (int i = 0; i < results.size(); ++i) {
    const auto& result = results.GetTestPartResult(i);
    if (!result.failed()) continue;
    code = 1;
    tell(pipe, fmt::format("\n{}:{}: {}", result.file_name() == nullptr ? "" : result.file_name(),
                           result.line_number(), result.message()));
  }
  return code;
}

int run_body(const std::function<void()>& body, int pipe) {
  ::testing::TestPartResultArray results;
  try {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    first_network();
    body();
  } catch (const CannotBuild& problem) {
    tell(pipe, problem.what());
    return kCannotBuild;
  } catch (const std::exception& problem) {
    tell(pipe, fmt::format("threw {}", problem.what()));
    return 1;
  }
  return tell_failures(pipe, results);
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 1024> room{};
  ssize_t size = 0;
  while ((size = ::read(fd, room.data(), room.size())) > 0)
    text.append(room.data(), static_cast<std::size_t>(size));
  return text;
}

UniqueFd current_network() { return UniqueFd(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)); }

void enter(const UniqueFd& network) {
  if (::setns(network.get(), CLONE_NEWNET) != 0)
    throw CannotBuild(fmt::format("setns: {}", errno_name(errno)));
}

}  // namespace

void in_own_network(const std::function<void()>& body) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::fflush(nullptr);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int code = run_body(body, write_end.get());
    std::fflush(nullptr);
    ::_exit(code);  // the reports and checks of an exit are the parent's
  }
  write_end.reset();
  const auto told = read_all(read_end.get());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotBuild)
    GTEST_SKIP() << "no network of its own here: " << told;
  EXPECT_EQ(status, 0) << "in the child: " << told;
}

void sh(const std::string& command) {
  std::FILE* pipe = ::popen(fmt::format("exec 2>&1; set -e; {}", command).c_str(), "re");
  if (pipe == nullptr) throw CannotBuild(fmt::format("popen: {}", errno_name(errno)));
  const auto said = read_all(::fileno(pipe));
  const int status = ::pclose(pipe);
  if (status != 0) throw CannotBuild(fmt::format("'{}' failed: {}", command, said));
}

FarHost::FarHost() : here_(current_network()) {
  new_network();
  there_ = current_network();
  enter(here_);
  dialtone::sh(
      fmt::format("ip link add near address 02:00:00:00:00:01 type veth peer name far "
                  "address 02:00:00:00:00:02 netns /proc/{}/fd/{}",
                  ::getpid(), there_.get()));
  // Neighbours that are known need no ARP or ND, which a new interface may take a second for.
  dialtone::sh(
      "ip addr add 10.0.0.1/24 dev near; ip addr add fd00::1/64 dev near nodad; "
      "ip link set near up; ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev near; "
      "ip neigh add fd00::2 lladdr 02:00:00:00:00:02 dev near");
  sh("ip addr add 10.0.0.2/24 dev far; ip addr add fd00::2/64 dev far nodad; "
     "ip link set far up; ip neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev far; "
     "ip neigh add fd00::1 lladdr 02:00:00:00:00:01 dev far");
  // One ICMP message a second to each host is the rule, and tests do not wait for the next.
  sh("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0");
}

void FarHost::run(const std::function<void()>& act) const {
  enter(there_);
  act();
  enter(here_);
}

void FarHost::sh(const std::string& command) const {
  run([&] { dialtone::sh(command); });
}

UniqueFd FarHost::listen(const std::string& at, int backlog) const {
  UniqueFd listener;
  run([&] { listener = listen_at(at, backlog); });
  return listener;
}

UniqueFd listen_at(const std::string& at, int backlog) {
  auto opened = Listener::open(SocketAddress::parse(at).value(), backlog);
  if (!opened.ok()) throw std::runtime_error(opened.error().text);
  return std::move(opened.value());
}

std::string Caller::call(const std::string& to, Duration budget) {
  while (true) {
    const auto deadline = in(budget);
    const auto dialed =
        get(dial(loop, recorder_, {"c", SocketAddress::parse(to).value(), std::nullopt}, deadline));
    if (const auto* failed = std::get_if<NotConnected>(&dialed))
      return describe_failure(failed->outcome, failed->error, failed->reason);
    if (const auto* local = std::get_if<LocalTrouble>(&dialed))
      return fmt::format("error: {}: {}", local->call, errno_name(local->error));
    if (std::holds_alternative<std::unique_ptr<Connection>>(dialed)) return "connected";
  }
}

std::unique_ptr<Connection> Caller::connect(const std::string& to) {
  const auto deadline = in(std::chrono::seconds(20));
  auto dialed =
      get(dial(loop, recorder_, {"c", SocketAddress::parse(to).value(), std::nullopt}, deadline));
  told();
  return std::move(std::get<std::unique_ptr<Connection>>(dialed));
}

Arrival Caller::next(Connection& connection, Duration budget) {
  auto arrival = get(connection.arrival(in(budget)));
  while (std::holds_alternative<HarnessStalled>(arrival))
    arrival = get(connection.arrival(in(budget)));
  return arrival;
}

Delivery Caller::send(Connection& connection, ByteView octets) {
  return get(connection.send(octets, in(std::chrono::seconds(20))));
}

bool Caller::later_reset(Connection& connection, Duration budget) {
  return get(connection.later_reset(in(budget).at()));
}

std::vector<std::string> Caller::told() {
  std::vector<std::string> texts;
  for (const auto& event : recorder_.take()) texts.push_back(describe(event.kind));
  return texts;
}

}  // namespace dialtone
