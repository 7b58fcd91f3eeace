#include "harness/net/dial.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "harness/net/dial_detail.hpp"

namespace dialtone {
namespace {

constexpr int kSelfConnectTries = 10;
constexpr int kCameTooLate =
    -1;  // connected, but only in the time by which our own stall made the window longer
constexpr int kMostWindows =
    50;  // of a wait that sits stalls out; where the harness hardly ever runs, that must end too

constexpr Duration kUnixRetry = std::chrono::milliseconds(2);

/// A call before the connect failed.
struct Unprepared {
  int error;
};

using Attempt =
    std::variant<std::unique_ptr<Connection>, HarnessStalled, Unprepared, FailedConnect>;

int bind_source(int fd, const SocketAddress& from) {
  const int on = 1;  // the port may still be in TIME_WAIT from a run before
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return ::bind(fd, from.data(), from.size()) == 0 ? 0 : errno;
}

/// errno, or 0. Before the connect: the window that the handshake offers comes from it (man 7 tcp).
int set_receive_buffer(int fd, int octets) {
  const bool done =
      octets == 0 || ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets) == 0;
  return done ? 0 : errno;
}

/// "connect to [::1]:7788 (IPv6 is switched off on this host)"
LocalTrouble local_trouble(const SocketAddress& to, int error, const std::string& why = {}) {
  const auto reason = family_trouble(to).value_or(why);
  return {fmt::format("connect to {}{}", to.to_string(),
                      reason.empty() ? "" : fmt::format(" ({})", reason)),
          error};
}

/// The close that follows sends RST: by FIN, a socket that met itself would leave TIME_WAIT on the
/// target's port.
void close_by_reset(int fd) {
  const linger now{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/// connect(2), and once more: on loopback the handshake is over by then, so that no wait is needed.
/// errno, or 0.
int try_connect(int fd, const SocketAddress& to) {
  for (int tries = 0; tries < 2; ++tries) {
    if (::connect(fd, to.data(), to.size()) == 0) return 0;
    // EAGAIN: the queue of a Unix listener is full. Nothing tells when there is room in it.
    if (errno == EALREADY || (errno == EAGAIN && to.is_unix())) return EINPROGRESS;
    if (errno != EINPROGRESS && errno != EINTR) return errno;
  }
  return EINPROGRESS;
}

/// Waits until another connect(2) may say more; true where the kernel says so.
Task<bool> may_be_answered(Loop& loop, Connection& connection, TimePoint deadline) {
  if (!connection.peer().is_unix()) co_return co_await connection.writable(deadline);
  co_await loop.sleep_until(std::min(deadline, Clock::now() + kUnixRetry));
  co_return Clock::now() < deadline;
}

/// An ICMP message that came while the kernel was busy with this very socket ends no connect, and
/// would be heard again only with the next SYN, a second later. It has said all the same.
std::optional<FailedConnect> icmp_answer(const Connection& connection) {
  if (connection.peer().is_unix()) return std::nullopt;
  const auto icmp = take_icmp_error(connection.fd());
  return icmp ? std::optional(FailedConnect{icmp->error, icmp}) : std::nullopt;
}

/// Whether the window that has passed without an answer says something of the peer.
bool is_settled(Loop& loop, const DialOptions& options, const Deadline& deadline) {
  return options.sit_out_stalls ? deadline.was_watched(loop) : !deadline.spoilt(loop);
}

/// What the kernel says of the connect within its window, in which the harness's own stalls do not
/// count where the options say so. Error 0: connected.
Task<std::variant<FailedConnect, HarnessStalled>> answer(Loop& loop, Connection& connection,
                                                         const DialOptions& options,
                                                         Deadline deadline) {
  const auto whole = deadline;
  int windows = options.sit_out_stalls ? kMostWindows : 1;
  int error = try_connect(connection.fd(), options.to);
  while (error == EINPROGRESS) {
    const bool ready = co_await may_be_answered(loop, connection, deadline.at());
    error = try_connect(connection.fd(), options.to);
    if (error != EINPROGRESS) break;
    if (const auto icmp = icmp_answer(connection)) co_return *icmp;
    if (ready) continue;
    if (is_settled(loop, options, deadline)) break;
    if (--windows == 0) co_return HarnessStalled{deadline.stalled(loop)};
    deadline = deadline.sat_out(loop);
  }
  if (error != 0) co_return FailedConnect{error, take_icmp_error(connection.fd())};
  co_return FailedConnect{deadline.at() == whole.at() ? 0 : kCameTooLate};
}

Task<Attempt> attempt(Loop& loop, Recorder& recorder, const DialOptions& options,
                      Deadline deadline) {
  UniqueFd fd(::socket(options.to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) co_return Unprepared{errno};
  if (options.from) {
    const int error = bind_source(fd.get(), *options.from);
    if (error != 0) co_return Unprepared{error};
  }
  if (const int error = set_receive_buffer(fd.get(), options.receive_buffer); error != 0)
    co_return Unprepared{error};
  auto connection = std::make_unique<Connection>(loop, recorder, options.name, std::move(fd),
                                                 SocketAddress(), options.to);
  connection->keep_icmp_errors();
  const auto answered = co_await answer(loop, *connection, options, deadline);
  if (const auto* stall = std::get_if<HarnessStalled>(&answered)) co_return *stall;
  const auto& failed = std::get<FailedConnect>(answered);
  if (failed.error != 0) co_return failed;
  connection->learn_local();
  co_return connection;
}

Dialed judge(Recorder& recorder, const DialOptions& options, const FailedConnect& missed) {
  const auto outcome = outcome_of(missed);
  if (!outcome) return local_trouble(options.to, missed.error, policy_behind(missed.error));
  NotConnected failed{*outcome, missed.error == EINPROGRESS ? 0 : missed.error,
                      detail_of(missed, options.to)};
  recorder.add(options.name,
               ConnectFailed{options.to.to_string(), failed.outcome, failed.error, failed.reason});
  return failed;
}

/// The connection, once TLS is spoken on it where that is asked for.
Task<Dialed> secure(Loop& loop, Recorder& recorder, const DialOptions& options,
                    std::unique_ptr<Connection> connection, Deadline deadline) {
  if (!options.tls) co_return connection;
  auto session = TlsSession::client(options.tls->get(), options.tls_options);
  const auto shaken =
      co_await connection->handshake(std::move(session), deadline, options.await_tls_verdict);
  if (std::holds_alternative<TlsEstablished>(shaken)) co_return connection;
  connection->hang_up();
  if (std::holds_alternative<HarnessStalled>(shaken))
    co_return HarnessStalled{deadline.stalled(loop)};
  if (const auto* local = std::get_if<LocalTrouble>(&shaken)) co_return *local;
  const auto& refused = std::get<TlsRefused>(shaken);
  const NotConnected failed{
      refused.timed_out ? ConnectOutcome::kTimeout : ConnectOutcome::kTlsFailed, 0, refused.reason};
  recorder.add(options.name,
               ConnectFailed{options.to.to_string(), failed.outcome, 0, failed.reason});
  co_return failed;
}

}  // namespace

std::optional<ConnectOutcome> outcome_of(int error) {
  switch (error) {
    case ENOENT:
    case ECONNREFUSED: return ConnectOutcome::kRefused;
    case ECONNRESET: return ConnectOutcome::kReset;
    case EINPROGRESS:
    case ETIMEDOUT: return ConnectOutcome::kTimeout;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENOPROTOOPT: return ConnectOutcome::kUnreachable;
    default: return std::nullopt;
  }
}

Task<Dialed> dial(Loop& loop, Recorder& recorder, DialOptions options, Deadline deadline) {
  for (int tries = 0; tries < kSelfConnectTries; ++tries) {
    auto attempted = co_await attempt(loop, recorder, options, deadline);
    if (auto* connection = std::get_if<std::unique_ptr<Connection>>(&attempted)) {
      if ((*connection)->local() == (*connection)->peer()) {
        close_by_reset((*connection)->fd());
        continue;
      }
      recorder.add(options.name, Connected{(*connection)->local().to_string(),
                                           (*connection)->peer().to_string()});
      co_return co_await secure(loop, recorder, options, std::move(*connection), deadline);
    }
    if (const auto* stall = std::get_if<HarnessStalled>(&attempted)) co_return *stall;
    if (const auto* unprepared = std::get_if<Unprepared>(&attempted))
      co_return local_trouble(options.to, unprepared->error);
    const auto& missed = std::get<FailedConnect>(attempted);
    if (missed.error == kCameTooLate) co_return HarnessStalled{deadline.stalled(loop)};
    co_return judge(recorder, options, missed);
  }
  co_return LocalTrouble{"connect (it met itself)", EADDRINUSE};
}

}  // namespace dialtone
