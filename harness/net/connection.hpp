#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "harness/model/bytes.hpp"
#include "harness/model/ending.hpp"
#include "harness/net/flood_guard.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/pollable.hpp"
#include "harness/net/recorder.hpp"
#include "harness/net/socket_address.hpp"
#include "harness/net/tls_session.hpp"

namespace dialtone {

/// Octets arrived and were appended to `received`.
struct DataArrived {};
/// Nothing came before the deadline.
struct TimedOut {};
/// The harness itself did not run for so long that the deadline says nothing of the peer.
struct HarnessStalled {
  Duration stalled;
};
/// A call failed for a reason of our own side.
struct LocalTrouble {
  std::string call;
  int error;
};

/// The peer broke the TLS session: a fatal alert, or octets that are no TLS. It is an ending
/// (Ending::kTlsFailed) with its reason.
struct TlsBroken {
  std::string reason;
};

/// What a peer did before the deadline. All are facts to judge, so none is an exception.
using Arrival =
    std::variant<DataArrived, Ending, TlsBroken, TimedOut, HarnessStalled, LocalTrouble>;

/// All octets are with the kernel, or why not.
struct AllSent {};
/// The peer's side is gone: EPIPE or ECONNRESET; or the kernel gave it up: ETIMEDOUT, EHOSTUNREACH.
struct PeerGone {
  int error;
};
using Delivery = std::variant<AllSent, PeerGone, TimedOut, HarnessStalled, LocalTrouble>;

/// How our direction ends where TLS is spoken.
enum class CloseNotify {
  kThenFin,  ///< as it should
  kAlone,    ///< no FIN: TCP's direction stays open
  kOmitted,  ///< FIN alone, as an attacker who truncates would have it
};

/// What came of a TLS handshake.
struct TlsEstablished {};
struct TlsRefused {
  std::string reason;  ///< "the peer's alert: handshake failure"
  /// It was not refused, but never ended: the deadline passed, or the kernel gave up (ETIMEDOUT).
  bool timed_out = false;
};
using Handshake = std::variant<TlsEstablished, TlsRefused, HarnessStalled, LocalTrouble>;

/// One link to a peer: a descriptor, the octets that came and nobody asked for yet, and how the
/// peer's direction ended. Records every event. Over TLS, the octets are the application's, FIN
/// counts as one only after close_notify, and our FIN follows ours.
class Connection {
 public:
  Connection(Loop& loop, Recorder& recorder, std::string name, UniqueFd fd, SocketAddress local,
             SocketAddress peer);

  const std::string& name() const { return name_; }
  const SocketAddress& local() const { return local_; }
  const SocketAddress& peer() const { return peer_; }
  int fd() const { return pollable_.fd(); }
  bool is_open() const { return pollable_.is_open(); }

  /// What came and was not consumed. Its cuts say nothing: TCP is a stream.
  Bytes& received() { return received_; }
  /// More is not read: that we keep no more is our own trouble, and says nothing of the peer.
  static constexpr std::size_t kMostUnread = std::size_t{256} * 1024 * 1024;
  /// How the peer's direction ended, as far as was read. The first ending decides; what recv says
  /// later means nothing (HAR-02).
  std::optional<Ending> ended() const { return ended_; }
  bool ignores_rest() const { return ignores_rest_; }
  void ignore_rest() { ignores_rest_ = true; }
  /// A call on the descriptor gave ECONNRESET: the kernel tells it once, and recv will only return
  /// 0 (HAR-02).
  void note_reset() { met_ = Ending::kReset; }

  /// Before the connect: what answers it may be ICMP, which take_icmp_error() then tells. Once
  /// connected, the first such message is noted and the socket goes on as any other does.
  void keep_icmp_errors();

  /// For a handshake under way.
  Task<bool> writable(TimePoint deadline) {
    return pollable_.wait(Pollable::For::kWriting, deadline);
  }
  /// Asks the kernel for our own address, once there is one.
  void learn_local();

  /// From now on arrival() reads as a slow reader does: a pause before each of its first reads, of
  /// a few octets each, and a small receive buffer.
  void read_slowly();
  /// Speaks TLS from now on, and waits for the handshake. `await_verdict`: over TLS 1.3 a server
  /// judges our certificate after that, so wait until it shows what it thinks of it, or for the
  /// deadline.
  Task<Handshake> handshake(std::unique_ptr<TlsSession> session, Deadline deadline,
                            bool await_verdict);
  /// nullptr where no TLS is spoken.
  const TlsSession* tls() const { return tls_.get(); }
  /// After a handshake that failed: closes so that our last alert can still be read.
  void hang_up();

  /// Whether the peer reset the connection after its FIN, as far as is known: it is only seen where
  /// something of ours was still open (HAR-03). A FIN stays a FIN.
  bool has_later_reset() const { return has_later_reset_; }
  /// After the peer's FIN: waits for such a reset; false where none has come by then.
  Task<bool> later_reset(TimePoint until);
  /// Whether our own direction has ended: then no reset is seen any more.
  bool has_shut_down() const { return has_shut_down_; }
  /// For calls on the descriptor that must find it as any other socket is.
  void forget_icmp_errors();

  /// Waits until the peer does something. HarnessStalled for an ending that a stalled harness
  /// found, and that may have come behind the deadline.
  Task<Arrival> arrival(Deadline deadline);
  /// Of octets that a stalled harness read behind the deadline: whether the last of them came
  /// behind it too, or may have (the kernel tells of TCP only).
  bool came_late(const Deadline& deadline);
  /// The same of one that was accepted: its last segment ended the handshake, or came after that.
  bool called_late(const Deadline& deadline);

  /// Reads what is there without waiting; nullopt where nothing is.
  std::optional<Arrival> arrived() { return arrived(pollable_.loop().scratch().size()); }

  /// `flags`: more of those of send(2), such as MSG_OOB.
  Task<Delivery> send(ByteView bytes, Deadline deadline, int flags = 0);

  /// TLS: the records that these octets make, for send_sealed(); nullopt where the session is
  /// broken. Nothing else may be sent until all of them are.
  std::optional<Bytes> seal(ByteView bytes);
  /// Sends octets of such records, wherever they were cut.
  Task<Delivery> send_sealed(ByteView records, Deadline deadline);

  /// When it was made: before its connect, or once it was accepted.
  TimePoint made_at() const { return made_at_; }
  /// When the peer's direction ended, as far as is known: the kernel tells when FIN came; of
  /// another ending, when it was seen.
  TimePoint ended_at() const;
  /// Whether a stalled harness found the ending, and it came behind the deadline or may have.
  bool ended_late(const Deadline& deadline);

  /// When we last gave the kernel octets of the application, before it had them; of a connection on
  /// which we said nothing yet, when it was made.
  TimePoint last_sent() const { return last_sent_; }

  /// To the peer and back; zero where that is not known, as on a Unix socket.
  Duration round_trip() const;

  /// Whether the peer's FIN or RST is there, read or not; consumes nothing.
  bool has_ended_unread();

  /// FIN: our direction ends, the peer's goes on. errno, or 0. Throws where the kernel has no room
  /// for TLS's close_notify.
  int shutdown(CloseNotify close_notify = CloseNotify::kThenFin);
  /// Whether the peer's close_notify has come, but no FIN, and ours could answer it: a peer may
  /// wait for that before it closes (RFC 5246 section 7.2.1, RFC 8446 section 6.1).
  bool may_answer_close_notify() const;
  /// Ends our direction of TLS, not of TCP.
  void answer_close_notify();
  /// Reads all that is there without waiting. A close with unread octets would send RST in place of
  /// FIN (KRN-05).
  void drain();
  /// FIN, after a drain.
  void close();
  /// RST (SO_LINGER with zero). A Unix socket knows none: its peer gets ECONNRESET where octets are
  /// left unread (see can_reset), and else recv returns 0, as after close().
  void reset();
  /// Whether reset() would reset: always, but for a Unix socket with nothing to be read.
  bool can_reset() const;
  /// Closes what a scenario left open, after a drain, so that the target keeps no TIME_WAIT: where
  /// it ended first, by RST, which ends its FIN_WAIT2 too (KRN-13); else by FIN, so that the
  /// TIME_WAIT is ours.
  void abandon();

 private:
  std::optional<Arrival> arrived(std::size_t most);
  Task<std::optional<Arrival>> read_after_pause(Deadline deadline);
  Task<Arrival> slow_arrival(Deadline deadline);
  std::optional<Arrival> look(Deadline deadline);
  std::optional<Arrival> arrived_by(const Deadline& deadline);
  Arrival last_look(const Deadline& deadline);
  std::optional<LocalTrouble> overfull() const;
  Arrival ending(Ending how, int error = 0);
  Arrival ended_arrival() const;
  ssize_t receive_some(std::size_t most);
  std::optional<Arrival> arrived_over_tls(std::size_t most);
  std::optional<Arrival> take_from_tls();
  Task<Delivery> send_over_tls(ByteView bytes, Deadline deadline, int flags);
  Task<std::optional<Delivery>> deliver_records(Deadline deadline);
  std::optional<Handshake> handshake_so_far(bool await_verdict) const;
  std::optional<Handshake> read_handshake(int sent);
  int flush();
  bool end_tls();
  void note_alerts();
  Arrival failed_read(int error);
  bool ended_by_fin() const { return ended_ == Ending::kFin || ended_ == Ending::kTruncated; }
  /// Whether the error is but ICMP's word, which ends no connection (RFC 1122 section 4.2.3.9).
  bool is_soft(int error);
  /// Whether send's error means that the peer is gone, which is noted then.
  bool is_gone(int error);
  void note_later_reset();
  void watch_for_later_reset();
  void set_no_delay();
  void close_by_reset();
  Task<std::optional<Delivery>> wait_writable(Deadline deadline);

  Pollable pollable_;
  Recorder* recorder_;
  std::unique_ptr<TlsSession> tls_;
  Bytes records_;  ///< of TLS, encrypted, which the kernel has not taken yet
  std::string name_;
  SocketAddress local_;
  SocketAddress peer_;
  Bytes received_;
  std::optional<Ending> ended_;
  bool ignores_rest_ = false;
  bool has_sent_ = false;
  TimePoint made_at_ = Clock::now();
  TimePoint last_sent_ = made_at_;
  TimePoint ended_seen_{};
  bool has_waited_ = false;
  bool last_try_ =
      false;  ///< send: the deadline has passed, and the peer may have made room meanwhile
  FloodGuard guard_;
  int slow_reads_left_ = 0;
  /// The kernel tells of a reset once, and once that it gave up. Where send was told, recv returns
  /// 0 from then on, as after FIN.
  std::optional<Ending> met_;
  bool keeps_icmp_ = false;
  bool has_shut_down_ = false;
  bool has_later_reset_ = false;
};

}  // namespace dialtone
