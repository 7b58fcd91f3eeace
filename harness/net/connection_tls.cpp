#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/net/connection.hpp"

/// What a Connection does where it speaks TLS.
namespace dialtone {
namespace {

constexpr int kReadsWithoutOctets = 64;
constexpr std::size_t kMostInRecord = 16 * 1024;

/// What FIN means.
Ending end_of_stream(const TlsSession& tls) {
  return tls.has_close_notify() ? Ending::kFin : Ending::kTruncated;
}

TlsRefused ended_in_handshake(Ending how) {
  if (how == Ending::kReset) return {"the peer reset the connection during the handshake"};
  if (how == Ending::kTimeout) return {"the kernel gave the connection up (ETIMEDOUT)", true};
  return {"the peer ended the connection (FIN) during the handshake"};
}

}  // namespace

/// Gives the kernel what it takes of the encrypted octets; errno, 0 where it has taken all.
int Connection::flush() {
  if (tls_) records_ += tls_->take_outgoing();
  note_alerts();
  while (!records_.empty()) {
    const auto count = ::send(fd(), records_.data(), records_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      records_.erase(0, static_cast<std::size_t>(count));
    } else if (const int error = errno; error != EINTR && !is_soft(error)) {
      is_gone(error);
      return error;
    }
  }
  return 0;
}

void Connection::note_alerts() {
  if (!tls_) return;
  for (auto& alert : tls_->take_alerts()) recorder_->add(name_, Noted{std::move(alert)});
}

/// close_notify, where TLS is spoken; false where the kernel has no room for it.
bool Connection::end_tls() {
  if (!tls_) return true;
  tls_->close();
  return flush() != EAGAIN;
}

bool Connection::may_answer_close_notify() const {
  return tls_ && tls_->has_close_notify() && !tls_->has_sent_close_notify() && !ended_ &&
         !has_shut_down_;
}

void Connection::answer_close_notify() {
  recorder_->add(name_, Noted{"close_notify has come, and no FIN: the peer may wait for ours"});
  if (!end_tls()) recorder_->add(name_, Noted{"no room for TLS's close_notify: it was not sent"});
}

std::optional<Arrival> Connection::take_from_tls() {
  auto plaintext = tls_->take_plaintext();
  if (!plaintext.empty()) {
    received_ += plaintext;
    recorder_->add(name_, Received{std::move(plaintext), {.tls = true, .datagram = {}}});
    return DataArrived{};
  }
  if (!tls_->is_broken()) return std::nullopt;
  recorder_->add(name_, Noted{fmt::format("TLS: {}", tls_->problem())});
  return ending(Ending::kTlsFailed);
}

std::optional<Arrival> Connection::arrived_over_tls(std::size_t most) {
  // Records may hold nothing for the application, and the kernel tells of each arrival once.
  for (int reads = 0; reads < kReadsWithoutOctets; ++reads) {
    if (auto seen = take_from_tls()) return seen;
    const auto count = receive_some(most);
    if (count == 0) return ending(met_.value_or(end_of_stream(*tls_)));
    if (count < 0 && errno == EAGAIN) return std::nullopt;
    if (count < 0) return failed_read(errno);
    tls_->receive({pollable_.loop().scratch().data(), static_cast<std::size_t>(count)});
    flush();  // what an answer of TLS meets, such as a reset, comes to light when it is read
  }
  return DataArrived{};
}

/// nullopt once the kernel has all records.
Task<std::optional<Delivery>> Connection::deliver_records(Deadline deadline) {
  last_try_ = false;
  while (true) {
    const int error = flush();
    if (error == 0) co_return std::nullopt;
    if (is_gone(error)) co_return PeerGone{error};
    if (error != EAGAIN) co_return LocalTrouble{"send", error};
    const auto over = co_await wait_writable(deadline);
    if (over) co_return *over;
  }
}

Task<Delivery> Connection::send_over_tls(ByteView bytes, Deadline deadline, int flags) {
  if (flags != 0) co_return LocalTrouble{"send of urgent octets over TLS", EOPNOTSUPP};
  if (std::exchange(has_sent_, true)) set_no_delay();
  while (!bytes.empty()) {
    last_sent_ = Clock::now();
    const auto part = bytes.substr(0, kMostInRecord);
    const bool written = tls_->write(part);
    if (!written && tls_->awaits_peer())
      co_return LocalTrouble{"send in a new TLS handshake", EAGAIN};
    if (!written) co_return PeerGone{EPIPE};
    const auto trouble = co_await deliver_records(deadline);
    if (trouble) co_return *trouble;
    recorder_->add(name_, Sent{Bytes(part), {.tls = true, .datagram = {}}});
    bytes.remove_prefix(part.size());
  }
  co_return AllSent{};
}

std::optional<Bytes> Connection::seal(ByteView bytes) {
  if (!tls_->write(bytes)) return std::nullopt;
  recorder_->add(name_, Sent{Bytes(bytes), {.tls = true, .datagram = {}}});
  records_ += tls_->take_outgoing();
  return std::exchange(records_, {});
}

Task<Delivery> Connection::send_sealed(ByteView records, Deadline deadline) {
  set_no_delay();
  last_sent_ = Clock::now();
  records_ += records;
  recorder_->add(name_, Noted{fmt::format("{} octets of TLS records", records.size())});
  const auto trouble = co_await deliver_records(deadline);
  co_return trouble ? *trouble : Delivery(AllSent{});
}

/// nullopt: it goes on.
std::optional<Handshake> Connection::handshake_so_far(bool await_verdict) const {
  const bool judged_later = await_verdict && tls_->is_tls13() && tls_->was_asked_for_certificate();
  if (tls_->is_established() && (!judged_later || tls_->is_accepted())) return TlsEstablished{};
  if (tls_->is_broken()) return TlsRefused{tls_->problem()};
  return std::nullopt;
}

/// Reads what has come of it; nullopt where the kernel has no more. `sent`: errno of the flush:
/// what the peer said before it went is still read, and then how it went.
std::optional<Handshake> Connection::read_handshake(int sent) {
  if (sent != 0 && sent != EAGAIN && !is_gone(sent)) return LocalTrouble{"send", sent};
  const auto count = receive_some(pollable_.loop().scratch().size());
  if (count > 0) {
    tls_->receive({pollable_.loop().scratch().data(), static_cast<std::size_t>(count)});
    return TlsEstablished{};
  }
  if (count == 0) return ended_in_handshake(met_.value_or(Ending::kFin));
  if (errno == EAGAIN) return std::nullopt;
  if (errno == ECONNRESET) return ended_in_handshake(Ending::kReset);
  if (errno == ETIMEDOUT) return ended_in_handshake(Ending::kTimeout);
  return LocalTrouble{"recv", errno};
}

Task<Handshake> Connection::handshake(std::unique_ptr<TlsSession> session, Deadline deadline,
                                      bool await_verdict) {
  tls_ = std::move(session);
  has_waited_ = true;  // octets of the application may come with the handshake's
  bool waited_to_the_end = false;
  while (true) {
    const int error = flush();
    auto outcome = handshake_so_far(await_verdict);
    if (outcome && std::holds_alternative<TlsEstablished>(*outcome))
      recorder_->add(name_, Noted{"TLS: " + tls_->describe()});
    if (outcome) co_return std::move(*outcome);
    auto seen = read_handshake(error);
    if (seen && !std::holds_alternative<TlsEstablished>(*seen)) co_return std::move(*seen);
    if (seen) continue;
    if (waited_to_the_end) break;
    const bool ready = co_await pollable_.wait(Pollable::For::kReading, deadline.at());
    waited_to_the_end = !ready;
  }
  if (deadline.spoilt(pollable_.loop()))
    co_return HarnessStalled{deadline.stalled(pollable_.loop())};
  if (tls_->is_established()) co_return TlsEstablished{};
  co_return TlsRefused{fmt::format("the peer did not go on with the handshake within {}",
                                   format_duration(deadline.budget())),
                       true};
}

void Connection::hang_up() {
  if (!is_open()) return;
  // With octets unread it would be a RST, and our alert lost with it.
  for (int reads = 0;
       reads < kReadsWithoutOctets && receive_some(pollable_.loop().scratch().size()) > 0; ++reads)
    continue;
  pollable_.close();
}

}  // namespace dialtone
