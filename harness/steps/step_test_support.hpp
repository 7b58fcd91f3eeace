#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <asio/io_context.hpp>

#include "harness/model/result.hpp"
#include "harness/net/endpoint.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/net/unique_fd.hpp"

/// For tests of verbs: a scenario from JSON text runs with the real registry on this thread's loop,
/// against a peer that plays a script with blocking calls on a thread of its own.
namespace dialtone {

/// A suite with one scenario of these steps (a JSON list without its brackets). `extra`: more keys
/// of the scenario, each with its comma. Throws std::runtime_error with the diagnostics where it
/// does not load.
std::shared_ptr<const Suite> suite_of(std::string_view steps, std::string_view extra = {});

/// What the loader says of such a suite, one rendered diagnostic after another; empty where it
/// loads.
std::string mistakes_of(std::string_view steps);

/// The peer's side of one connection. Every wait gives up, and throws, after kPatience.
class PeerSocket {
 public:
  explicit PeerSocket(UniqueFd fd);

  int fd() const { return fd_.get(); }
  void send(std::string_view octets);
  /// One segment and one recv of the harness for each octet: the next one is sent when the harness
  /// has read the one before.
  void send_octet_by_octet(std::string_view octets);
  /// Waits until the harness has read all that was sent, or is gone.
  void await_read();
  /// Exactly so many octets.
  std::string receive(std::size_t count);
  /// "FIN" or "RST", after any number of octets.
  std::string await_end();
  /// Our FIN; nothing where the other side's RST came first.
  void shutdown();
  void close() { fd_.reset(); }
  void reset();

 private:
  UniqueFd fd_;
  SocketAddress local_;
  SocketAddress peer_;
};

class PeerListener {
 public:
  /// On a free port of 127.0.0.1 by default.
  explicit PeerListener(int backlog = 128,
                        const SocketAddress& at = SocketAddress::loopback_ipv4(0));

  SocketAddress address() const { return address_; }
  PeerSocket accept();
  /// Whether somebody waits for accept.
  bool has_caller() const;
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  SocketAddress address_;
};

/// A loop on this thread, with what the runner would lend to a scenario.
class ScenarioLoop {
 public:
  ScenarioLoop();
  ~ScenarioLoop();
  ScenarioLoop(const ScenarioLoop&) = delete;
  ScenarioLoop& operator=(const ScenarioLoop&) = delete;

  Loop& loop() { return *loop_; }
  SocketTable* socket_table() { return table_ ? &*table_ : nullptr; }

  /// Runs the suite's only scenario to its end. Throws after kPatience.
  ScenarioResult run(const std::shared_ptr<const Suite>& suite, Target& target,
                     double time_scale = 1.0);
  /// Runs the loop until the task is done.
  void run(Task<> task);

  /// From another thread: waits until the run is over.
  void await_end() const { over_.wait(false); }
  /// From another thread: blocks the loop's thread in a handler for so long; returns once that has
  /// begun.
  void stall(std::chrono::milliseconds length);
  /// From this thread, before a run: from then on the loop hardly does anything but block, for so
  /// long each time.
  void keep_stalling(std::chrono::milliseconds length);

 private:
  void stall_again(std::chrono::milliseconds length);

  std::atomic<bool> over_ = false;
  std::optional<SocketTable> table_;
  std::optional<Loop> loop_;
  std::unique_ptr<asio::io_context> context_;
};

/// A target at an address, with no control and no program but `client`, where one is given.
std::unique_ptr<Target> target_at(const SocketAddress& address,
                                  std::vector<std::string> client = {});

/// What the peer does with the one connection that it accepts.
using Script = std::function<void(PeerSocket& peer, ScenarioLoop& loop)>;

/// Short deadlines on a busy machine: the harness itself does not run, says so, and is asked again,
/// twenty times at the most.
ScenarioResult unless_too_busy(const std::function<ScenarioResult()>& run);

/// Runs the steps against such a peer. What the script throws fails the test. Once more (both of
/// them) where the machine was too busy for a verdict.
ScenarioResult run_against(const Script& script, std::string_view steps,
                           std::string_view extra = {});
/// The same, for scripts that stall the loop: once.
ScenarioResult run_once_against(const Script& script, std::string_view steps,
                                std::string_view extra = {});

/// Runs the steps without a peer; ${target.address} is a port that is bound and not listening: a
/// connect is refused.
ScenarioResult run_alone(std::string_view steps, std::string_view extra = {});

/// Runs the steps with a program "p": bash with this script, whose $0 is the port. Once more where
/// the machine was too busy for a verdict.
ScenarioResult run_bash(const std::string& script, std::string_view steps);

/// A script: resets once "go" has come. Before that, the reset could still be the connect's
/// outcome.
void reset_after_go(PeerSocket& peer, ScenarioLoop& loop);

/// "pass", "fail Timeout", "error HarnessStalled": verdict and problem type.
std::string outcome_of(const ScenarioResult& result);

/// File descriptors that this process has open.
int open_descriptors();

inline constexpr std::chrono::seconds kPatience{30};

}  // namespace dialtone
