#pragma once

#include <optional>
#include <string>
#include <variant>

#include "harness/model/matcher.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/datagram_socket.hpp"
#include "harness/steps/step.hpp"

/// Where expected octets come from: a stream or datagrams. Both judge what has come, and wait for
/// more until there is a judgement.
namespace dialtone {

/// What is expected, and the variable that keeps what matched (empty: none).
struct WatchedFor {
  Expectation expectation;
  const std::string* capture;
};

/// Takes the octets off the front of what the connection received.
class StreamWatch {
 public:
  StreamWatch(Session& session, Connection& connection)
      : session_(&session), connection_(&connection) {}

  /// nullopt: more is needed.
  std::optional<StepOutcome> judge(const WatchedFor& wanted);
  Task<Arrival> arrival(Deadline deadline) { return connection_->arrival(deadline); }
  bool came_late(const Deadline& deadline) const { return connection_->came_late(deadline); }
  /// What comes of an arrival; nullopt where octets came.
  std::optional<StepOutcome> take(Arrival arrival, const WatchedFor& wanted,
                                  const Deadline& deadline);

 private:
  Passed accept(const WatchedFor& wanted, const Matched& matched);
  Failed mismatch(const Expectation& expectation, const Mismatch& wrong) const;
  StepOutcome missing(const Expectation& expectation, const Arrival& arrival,
                      const Deadline& deadline) const;
  void compare(Problem& problem, const Expectation& expectation, std::size_t offset) const;

  Session* session_;
  Connection* connection_;
  std::size_t seen_ = 0;  ///< octets of what was received that were not enough, and were right
};

/// One whole datagram, from where the socket's peer is.
class DatagramWatch {
 public:
  /// `pass_over`: others may come before it.
  DatagramWatch(Session& session, DatagramSocket& socket, bool pass_over)
      : session_(&session), socket_(&socket), pass_over_(pass_over) {}

  std::optional<StepOutcome> judge(const WatchedFor& wanted);
  Task<DatagramArrival> arrival(Deadline deadline) { return socket_->arrival(deadline); }
  bool came_late(const Deadline& deadline) const { return socket_->came_late(deadline); }
  std::optional<StepOutcome> take(DatagramArrival arrival, const WatchedFor& wanted,
                                  const Deadline& deadline);
  /// Of this one alone.
  StepOutcome judge(const WatchedFor& wanted, const Datagram& datagram);

 private:
  Failed wrong_source(const Datagram& datagram) const;

  Session* session_;
  DatagramSocket* socket_;
  bool pass_over_;
  std::optional<Datagram> came_;
};

}  // namespace dialtone
