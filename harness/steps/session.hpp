#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/payload.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/variables.hpp"
#include "harness/model/variant.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/datagram_socket.hpp"
#include "harness/net/endpoint.hpp"
#include "harness/net/listener.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/process.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/net/recorder.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

/// What the whole run lends to each of its scenarios.
struct Surroundings {
  Loop* loop;
  Target* target;
  SocketTable* socket_table;  ///< nullptr where the kernel refuses it
  double time_scale;          ///< every deadline is multiplied by it
};

/// How long a step took, and how much of that the harness itself did not run.
struct TimedWait {
  Duration length;
  Duration stalled;
};

/// A running scenario: what its steps act on. Ending it closes everything that is still open.
class Session {
 public:
  /// `loopback` is an address of 127.0.0.0/8 that no other scenario of this run uses meanwhile.
  Session(const Surroundings& surroundings, const Scenario& scenario, Endpoint& endpoint,
          std::string loopback);

  Loop& loop() { return *surroundings_.loop; }
  Recorder& recorder() { return recorder_; }
  const Scenario& scenario() const { return scenario_; }
  Endpoint& endpoint() { return endpoint_; }
  Target& target() { return *surroundings_.target; }
  /// How the target is spoken to over TLS; nullptr: without.
  const TlsTransport* tls() {
    return endpoint_.tls() != nullptr ? endpoint_.tls() : target().tls();
  }
  bool has_socket_table() const { return surroundings_.socket_table != nullptr; }
  /// Guaranteed by the capability `socket_table`.
  SocketTable& socket_table() { return *surroundings_.socket_table; }

  /// `within` of a step, else the scenario's time-out, scaled.
  Deadline deadline(const std::optional<Duration>& within) { return {loop(), budget(within)}; }
  Duration budget(const std::optional<Duration>& within) const;

  Connection& add(std::unique_ptr<Connection> connection);
  Connection& connection(const std::string& name) { return *connections_.at(name); }
  bool has_connection(const std::string& name) const { return connections_.contains(name); }
  std::map<std::string, std::unique_ptr<Connection>>& connections() { return connections_; }

  DatagramSocket& add(std::unique_ptr<DatagramSocket> socket);
  DatagramSocket& datagrams(const std::string& name) { return *datagrams_.at(name); }
  bool has_datagrams(const std::string& name) const { return datagrams_.contains(name); }

  Listener& add_listener(const std::string& name, UniqueFd fd);
  Listener& listener(const std::string& name) { return *listeners_.at(name); }
  bool has_listener(const std::string& name) const { return listeners_.contains(name); }
  /// Whoever is accepted there speaks TLS.
  void secure_listener(const std::string& name, std::shared_ptr<const TlsContext> context) {
    listener_tls_[name] = std::move(context);
  }
  /// nullptr where none is spoken.
  std::shared_ptr<const TlsContext> listener_tls(const std::string& name) const {
    const auto found = listener_tls_.find(name);
    return found == listener_tls_.end() ? nullptr : found->second;
  }

  void add_program(const std::string& name, Process process) {
    programs_.emplace(name, std::move(process));
  }
  /// nullptr for "target" where the endpoint is no program of ours.
  Process* program(const std::string& name);

  /// A step that waited until `deadline` at the most has what it waited for: how long that took is
  /// kept under this name.
  void add_wait(const std::string& name, const Deadline& deadline) {
    waits_[name].push_back({deadline.elapsed(), deadline.stalled(loop())});
  }
  const std::vector<TimedWait>& waits(const std::string& name) { return waits_[name]; }

  /// What the steps have lowered of programs' limits.
  DescriptorLimits& descriptor_limits() { return descriptor_limits_; }

  void set_variable(const std::string& name, std::string value) {
    variables_[name] = std::move(value);
  }

  /// Fills in what is known by now.
  std::variant<std::string, Impossible> text(const Template& text) const;
  /// `besides`: variables that have a value for this payload alone.
  std::variant<Bytes, Impossible> octets(const Payload& payload,
                                         const Variables& besides = {}) const;
  std::variant<SocketAddress, Impossible> address(const Template& text) const;

  /// Looks at `settled` again and again until it is true (then true) or the deadline has passed:
  /// for what the kernel shows and no event tells of.
  Task<bool> poll(Deadline deadline, std::function<bool()> settled);

  /// The peer's socket of a connection, where this host's kernel shows it: nullopt inside where it
  /// is gone.
  OsResult<std::optional<SocketRow>> peer_row(const Connection& connection);
  /// Octets of ours that the peer's kernel has not acknowledged yet (SIOCOUTQ, man 7 tcp).
  static int unacknowledged(const Connection& connection);

  /// A split could not be shown to have happened: what fails from now on may be the harness' fault.
  void note_unshown_split() {
    unshown_split_ = true;
    if (varied_ != nullptr) varied_->unshown = true;
  }
  bool has_unshown_split() const { return unshown_split_; }

  /// The connection's peer leaves what has arrived in its kernel's queue: what is cut arrives
  /// apart, but may be read together. True where that was not known yet.
  bool note_unread_piece(const std::string& connection) {
    if (varied_ != nullptr) varied_->unshown = true;
    return late_readers_.insert(connection).second;
  }
  bool leaves_unread(const std::string& connection) const {
    return late_readers_.contains(connection);
  }

  /// This run is one of several under other variants; `run` must outlive the session.
  void vary(VariedRun& run) { varied_ = &run; }
  /// How a send is made where its step does not say: as the run's variant has it, nullopt where
  /// there is none. The send is noted for the variants to come.
  std::optional<Segmentation> segmentation_of(const Step* step, const std::string& connection,
                                              std::size_t octets);

  /// Reads what still arrived, and says which connection holds octets that nobody expected.
  std::optional<Failed> leftover();

  /// Closes connections and listeners, ends programs; what these printed is returned.
  Task<std::vector<ProgramOutput>> end();

 private:
  Variables known() const;
  std::string loopback() const;
  Failed unexpected_leftover(Connection& connection) const;
  Failed leftover_of(const std::string& name, ByteView octets) const;
  std::optional<Failed> leftover_datagram();

  Surroundings surroundings_;
  const Scenario& scenario_;
  Endpoint& endpoint_;
  std::string loopback_;
  Recorder recorder_;
  Variables variables_;
  std::map<std::string, std::unique_ptr<Connection>> connections_;
  std::map<std::string, std::unique_ptr<DatagramSocket>> datagrams_;
  std::map<std::string, std::unique_ptr<Listener>> listeners_;
  std::map<std::string, std::shared_ptr<const TlsContext>> listener_tls_;
  std::map<std::string, Process> programs_;
  std::map<std::string, std::vector<TimedWait>> waits_;
  bool unshown_split_ = false;
  std::set<std::string> late_readers_;  ///< connections
  VariedRun* varied_ = nullptr;
  DescriptorLimits descriptor_limits_;
  std::optional<Failed> replaced_leftover_;  ///< of a connection whose name was given to another
};

}  // namespace dialtone
