#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/net/dial.hpp"
#include "harness/net/loop_test_support.hpp"

/// For tests that need a network of their own: firewall rules, routes and settings that must not
/// touch this machine's.
namespace dialtone {

/// Runs `body` in a child process of this one, inside a fresh network namespace where only the
/// loopback is up, so that no test leaves TIME_WAIT, ports or rules to another (HAR-19). As root,
/// or through a user namespace where the kernel allows that; where it allows neither, or where a
/// tool is missing, the test is skipped with the reason. Failures in the child fail the test. What
/// comes after this call still runs in this process: let there be nothing.
void in_own_network(const std::function<void()>& body);

/// Runs a shell command in the namespace where this process is now. Where it fails, the test that
/// called in_own_network() is skipped, with what the command said.
void sh(const std::string& command);

/// A second namespace, whose host has 10.0.0.2 and fd00::2 and is wired to 10.0.0.1 and fd00::1
/// here. The interfaces are named "near" and "far".
class FarHost {
 public:
  FarHost();

  /// Runs `act` as if on that host: the sockets it opens stay there.
  void run(const std::function<void()>& act) const;
  void sh(const std::string& command) const;
  UniqueFd listen(const std::string& at, int backlog = 8) const;

 private:
  UniqueFd here_;
  UniqueFd there_;
};

/// Listens at an address such as "127.0.0.1:7788".
UniqueFd listen_at(const std::string& at, int backlog = 8);

/// The harness's side of such a test: a loop and a transcript.
class Caller : public LoopTest {
 public:
  /// What comes of a connect: "connected", "refused (ECONNREFUSED)", or "error: " and the trouble
  /// of our own side. One that our own stall spoils is tried again.
  std::string call(const std::string& to, Duration budget = std::chrono::seconds(20));

  /// A connection that must come about.
  std::unique_ptr<Connection> connect(const std::string& to);

  /// What the peer does next; one that our own stall spoils is asked for again.
  Arrival next(Connection& connection, Duration budget = std::chrono::seconds(20));
  Delivery send(Connection& connection, ByteView octets);
  bool later_reset(Connection& connection, Duration budget);

  /// What the transcript says since the last time, one text an event.
  std::vector<std::string> told();

 private:
  void TestBody() override {}

  Recorder recorder_;
};

}  // namespace dialtone
