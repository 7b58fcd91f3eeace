#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/variables.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/observed_processes.hpp"
#include "harness/net/process.hpp"
#include "harness/net/recorder.hpp"
#include "harness/net/socket_address.hpp"
#include "harness/net/tls_context.hpp"

namespace dialtone {

/// One client as the server's side saw it, in the order of its accepts (capability `server_side`).
struct AcceptedClient {
  SocketAddress peer;      ///< as accept reported it
  bool read_zero = false;  ///< its recv returned 0 octets: the client's FIN was seen
};

/// What came of a restart. Told apart, because a program that cannot take its port again has
/// failed, and a harness that cannot launch it has not seen that.
struct Restarted {
  enum class Outcome {
    kListens,       ///< the new process holds the listening socket
    kTargetFailed,  ///< it was launched, and did not come to listen
    kImpossible,    ///< it could not be killed, launched or watched
  };
  Outcome outcome = Outcome::kListens;
  std::string what{};  ///< why it is not kListens
};

/// What is tested, taken into use for one scenario. Ends its life with the scenario, whatever
/// became of that.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// Makes it ready. Why it could not be, where it could not: the scenario is an error then, never
  /// a failure.
  virtual Task<std::optional<std::string>> start(Recorder& recorder) = 0;

  /// Where it shall be found.
  virtual SocketAddress address() const = 0;

  /// Does what the capability "control.NAME" promises; why not, where that was impossible, or not
  /// done within `limit`.
  virtual Task<std::optional<std::string>> control(std::string_view name, Duration limit) = 0;

  /// Kills the program and its process group with SIGKILL, so that it can say good-bye to nobody,
  /// and launches it again on the same address, whatever TIME_WAIT it has left there (capability
  /// "control.restart").
  virtual Task<Restarted> restart(Recorder&) {
    co_return Restarted{Restarted::Outcome::kImpossible, "it is no program of this scenario"};
  }

  /// How this one is spoken to over TLS, where the target does not say it for all; nullptr: it
  /// does.
  virtual const TlsTransport* tls() const { return nullptr; }

  /// nullptr where the server's side is not ours to look at.
  virtual const std::vector<AcceptedClient>* accepted() const { return nullptr; }

  /// nullptr where it is no program of ours.
  virtual Process* process() { return nullptr; }

  /// Where it is somebody else's: its processes, to be looked at. nullptr where there are none that
  /// we may look into.
  virtual const ObservedProcesses* observed() const { return nullptr; }

  /// Ends it, and waits until it has ended; why that went wrong, where it did.
  virtual Task<std::optional<std::string>> stop() = 0;
};

/// Where endpoints come from: one for the run.
class Target {
 public:
  virtual ~Target() = default;

  virtual std::string name() const = 0;
  virtual std::set<std::string> provides() const = 0;
  /// How it is spoken to over TLS; nullptr: without.
  const TlsTransport* tls() const { return tls_ ? &*tls_ : nullptr; }
  void set_tls(TlsTransport tls) { tls_ = std::move(tls); }
  /// Scenarios at once; 0 where it sets no limit.
  virtual int concurrency() const = 0;
  /// What it cannot bear more of, whatever the user asks for; 0 where there is no such limit.
  virtual int most_at_once() const { return 0; }
  /// `loopback`: an address of 127.0.0.0/8 of the scenario's own.
  virtual std::unique_ptr<Endpoint> acquire(Loop& loop, const Scenario& scenario,
                                            const std::string& loopback) = 0;
  /// A program that scenarios may launch, made to call `to`; nullopt where there is none of that
  /// name.
  virtual std::optional<Command> program(std::string_view name, const SocketAddress& to) const = 0;
  /// After the last scenario. What went wrong with the target since, where no scenario could tell.
  virtual Task<std::optional<std::string>> finish(Loop&) { co_return std::nullopt; }
  /// In place of finish() where the run ends early: lets go at once of what lives on the loop,
  /// which ends next.
  virtual void abandon() {}

 private:
  std::optional<TlsTransport> tls_;
};

}  // namespace dialtone
