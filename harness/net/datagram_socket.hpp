#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "harness/model/bytes.hpp"
#include "harness/net/connection.hpp"
#include "harness/net/flood_guard.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/pollable.hpp"
#include "harness/net/recorder.hpp"
#include "harness/net/socket_address.hpp"

namespace dialtone {

/// What one recvfrom returned. No octets is a message like any other, and no end (RFC 768).
struct Datagram {
  Bytes octets;
  SocketAddress from;
};
/// ECONNREFUSED: an ICMP port unreachable answered an earlier datagram (man 7 udp). The kernel
/// tells it once, to the next call; the socket goes on.
struct PortUnreachable {};

using DatagramArrival =
    std::variant<Datagram, PortUnreachable, TimedOut, HarnessStalled, LocalTrouble>;
using DatagramDelivery =
    std::variant<AllSent, PortUnreachable, TimedOut, HarnessStalled, LocalTrouble>;

/// A UDP socket and the peer that it is for. Boundaries are kept: what is sent is one datagram, and
/// what comes is one. Records every event.
class DatagramSocket {
 public:
  enum class Form {
    kConnected,    ///< by connect(2): it hears nobody but its peer, and is told of refusals
    kUnconnected,  ///< sends to its peer by sendto; hears everybody
    kFree,         ///< has no peer
  };

  /// `peer` of a free one is ignored.
  DatagramSocket(Loop& loop, Recorder& recorder, std::string name, UniqueFd fd, Form form,
                 SocketAddress peer);

  const std::string& name() const { return name_; }
  const SocketAddress& local() const { return local_; }
  const SocketAddress& peer() const { return peer_; }
  Form form() const { return form_; }
  int fd() const { return pollable_.fd(); }
  bool is_open() const { return pollable_.is_open(); }
  /// The kernel chooses an address of ours at connect or at the first send.
  void learn_local();

  /// Whether it may come from where the peer is: always, where there is no peer.
  bool is_from_peer(const Datagram& datagram) const;

  /// Waits until a datagram, or a refusal, is there. What was put back comes first.
  Task<DatagramArrival> arrival(Deadline deadline);
  /// Of a datagram that a stalled harness read behind the deadline: nothing tells when it came.
  bool came_late(const Deadline& deadline) { return deadline.overslept(pollable_.loop()); }
  /// The same without waiting; nullopt where nothing is.
  std::optional<DatagramArrival> arrived();
  /// The next arrival gives it again.
  void put_back(Datagram datagram) { kept_.push_front(std::move(datagram)); }

  /// One datagram. That it was sent says nothing of who got it.
  Task<DatagramDelivery> send(ByteView octets, Deadline deadline);

  /// The octets of the datagram that came last, in whatever way it was taken.
  const Bytes& last() const { return last_; }

  /// A request was asked again so many times: as many replies more may come, late, and are no fault
  /// of the peer's.
  void allow_again(const Bytes& reply, int times) { again_[reply] += times; }
  /// Whether it is one of these; it is used up then.
  bool is_late(const Datagram& datagram);

  /// Whether the kernel has a refusal to tell (POLLERR); consumes nothing.
  bool has_refusal() const;

  void close();

 private:
  DatagramArrival failed_read(int error);
  void record(const Datagram& datagram);
  int most_queued() const;
  Carriage carriage(const SocketAddress& other) const;

  Pollable pollable_;
  Recorder* recorder_;
  std::string name_;
  Form form_;
  SocketAddress local_;
  SocketAddress peer_;
  std::deque<Datagram> kept_;
  Bytes last_;
  FloodGuard guard_;
  std::map<Bytes, int> again_;  ///< replies that may come so many times more
};

struct DatagramDialOptions {
  std::string name;
  SocketAddress to;
  std::optional<SocketAddress> from;
  bool connected = true;
};

/// Opens one for that peer. No packet leaves, so nothing is learnt of the peer: it succeeds towards
/// a port where nobody is, too (UDP-02).
std::variant<std::unique_ptr<DatagramSocket>, LocalTrouble> dial_datagrams(
    Loop& loop, Recorder& recorder, const DatagramDialOptions& options);

}  // namespace dialtone
