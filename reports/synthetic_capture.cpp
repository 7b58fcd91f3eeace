#include "reports/synthetic_capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/tcp_flow.hpp"

namespace dialtone::pcapng {
namespace {

constexpr std::size_t kCommentLimit = 1000;  // octets
constexpr std::size_t kCommentsLimit = 100;  // of one packet
constexpr std::uint16_t kMadeUpPort = 49152;

// For documentation (RFC 5737, RFC 3849): nobody's.
const Bytes kMadeUpIpv4("\xc0\x00\x02\x01", 4);
const Bytes kMadeUpIpv6 = Bytes("\x20\x01\x0d\xb8", 4) + Bytes(11, '\0') + '\x01';
const Bytes kLoopbackIpv4("\x7f\x00\x00\x01", 4);
const Bytes kLoopbackIpv6 = Bytes(15, '\0') + '\x01';

constexpr std::string_view kTlsComment =
    "TLS: the octets are the application's, in plain text; the records that carried them are not "
    "in the transcript";

bool is_unix(std::string_view address) { return address.starts_with("unix:"); }

/// What a host of that kind would be reached as.
Bytes loopback_of(const NetworkAddress& address) {
  return address.is_ipv4() ? kLoopbackIpv4 : kLoopbackIpv6;
}

/// Ours, where the transcript does not have it.
NetworkAddress made_up(const NetworkAddress& peer, std::size_t number) {
  NetworkAddress ours;
  ours.port = static_cast<std::uint16_t>(kMadeUpPort + number % 16'000);
  ours.host = peer.is_loopback() ? loopback_of(peer) : peer.is_ipv4() ? kMadeUpIpv4 : kMadeUpIpv6;
  return ours;
}

struct Path {
  NetworkAddress ours;
  NetworkAddress theirs;
};

/// nullopt where it is not one of IP.
std::optional<Path> path_of(std::string_view local, std::string_view peer) {
  auto ours = parse_network_address(local);
  auto theirs = parse_network_address(peer);
  if (!ours || !theirs) return std::nullopt;
  // Who sends to the unspecified address reaches this host.
  if (theirs->is_any()) theirs->host = loopback_of(*theirs);
  if (ours->is_any()) {
    const auto port = ours->port;
    ours = made_up(*theirs, 0);
    ours->port = port;
  }
  if (ours->is_ipv4() != theirs->is_ipv4()) return std::nullopt;
  return Path{std::move(*ours), std::move(*theirs)};
}

/// One overload a kind and no catch-all: a new kind does not compile until it is placed here.
class Synthesizer {
 public:
  explicit Synthesizer(const Scenario& scenario) : scenario_(scenario) {}

  void take(const Event& event) {
    event_ = &event;
    begin_step();
    std::visit(*this, event.kind);
  }

  SyntheticCapture finish() {
    if (left_out_ > 0) pending_.push_back(fmt::format("{} more comments left out", left_out_));
    auto& last = capture_.packets.empty() ? capture_.notes : capture_.packets.back().comments;
    for (const auto& comment : pending_)
      last.push_back(capture_.packets.empty() ? comment : "afterwards: " + comment);
    return std::move(capture_);
  }

  void operator()(const Connected& event) { open(event.local, event.peer, Side::kOurs); }
  void operator()(const Accepted& event) { open(event.local, event.peer, Side::kTheirs); }
  void operator()(const Listening&) { note(); }
  void operator()(const Called&) { note(); }
  void operator()(const Noted&) { note(); }
  void operator()(const DeadlinePassed&) { note(); }

  void operator()(const ConnectFailed& event) {
    note();
    if (event.outcome == ConnectOutcome::kTlsFailed && flow() != nullptr) return;
    auto theirs = parse_network_address(event.peer);
    if (!theirs) return;
    if (theirs->is_any()) theirs->host = loopback_of(*theirs);
    // "no route on this host": no SYN has left.
    const bool is_icmp = event.reason.starts_with("ICMP");
    if (event.outcome == ConnectOutcome::kUnreachable && !is_icmp) return;
    const auto ours = made_up(*theirs, flows_made_);
    comment("our address and port are made up: the transcript does not have them");
    show_failure(make_flow(ours, *theirs), event.outcome, is_icmp);
  }

  void operator()(const Sent& event) { octets(event.bytes, event.over, Side::kOurs); }
  void operator()(const Received& event) { octets(event.bytes, event.over, Side::kTheirs); }

  void operator()(const PeerEnded& event) {
    note();
    switch (event.ending) {
      case Ending::kFin:
      case Ending::kTruncated: return fin(Side::kTheirs);
      case Ending::kReset: return reset(Side::kTheirs);
      case Ending::kTimeout:
      case Ending::kTlsFailed: return;  // nothing of TCP's came
    }
  }

  void operator()(const WeEnded& event) {
    note();
    switch (event.how) {
      case WeEnded::How::kShutdown:
      case WeEnded::How::kClose: return fin(Side::kOurs);
      case WeEnded::How::kReset: return reset(Side::kOurs);
    }
  }

 private:
  void begin_step() {
    const auto index = static_cast<std::size_t>(event_->step);
    if (event_->step < 0 || index >= scenario_.steps.size() || step_ == event_->step) return;
    step_ = event_->step;
    const auto& step = scenario_.steps[index];
    comment(fmt::format("step {}: {}", step.label.empty() ? std::to_string(index + 1) : step.label,
                        step.text));
  }

  void comment(std::string_view text) {
    if (pending_.size() >= kCommentsLimit) {
      ++left_out_;
      return;
    }
    pending_.push_back(cap_end(printable(text), kCommentLimit));
  }

  /// The event in words.
  void note(std::string_view more = {}) {
    const auto name = event_->connection.empty() ? "" : fmt::format("{}: ", event_->connection);
    comment(fmt::format("T+{} {}{}{}", humanize(event_->at), name, describe(event_->kind), more));
  }

  void emit(Side from, Bytes octets) {
    if (left_out_ > 0) pending_.push_back(fmt::format("{} more comments left out", left_out_));
    left_out_ = 0;
    capture_.packets.push_back({.at = event_->at,
                                .inbound = from == Side::kTheirs,
                                .octets = std::move(octets),
                                .comments = std::exchange(pending_, {})});
  }

  /// nullptr where the event's connection is none of TCP over IP.
  TcpFlow* flow() {
    const auto found = flows_.find(event_->connection);
    return found == flows_.end() ? nullptr : &found->second;
  }

  TcpFlow& make_flow(const NetworkAddress& ours, const NetworkAddress& theirs) {
    TcpFlow made(ours, theirs, static_cast<std::uint32_t>(flows_made_++));
    return flows_.insert_or_assign(event_->connection, std::move(made)).first->second;
  }

  void open(std::string_view local, std::string_view peer, Side opener) {
    flows_.erase(event_->connection);
    const auto path = path_of(local, peer);
    if (!path) return note(is_unix(peer) || is_unix(local) ? "; a Unix socket has no packets" : "");
    // Where the harness has both ends, each packet would stand there twice.
    if (paths_.contains({std::string(peer), std::string(local)}))
      return note("; the other end of a connection that has its packets here already");
    paths_.emplace(local, peer);
    note();
    auto packets = make_flow(path->ours, path->theirs).handshake(opener);
    Side from = opener;
    for (auto& packet : packets) {
      emit(from, std::move(packet));
      from = other(from);
    }
  }

  void show_failure(TcpFlow& flow, ConnectOutcome outcome, bool is_icmp) {
    switch (outcome) {
      case ConnectOutcome::kTimeout:
      case ConnectOutcome::kUnreachable: return emit(Side::kOurs, flow.syn(Side::kOurs));
      case ConnectOutcome::kRefused:
        emit(Side::kOurs, flow.syn(Side::kOurs));
        if (!is_icmp) emit(Side::kTheirs, flow.refusal(Side::kOurs));
        return;
      case ConnectOutcome::kConnected:
      case ConnectOutcome::kReset:
      case ConnectOutcome::kTlsFailed: break;
    }
    auto packets = flow.handshake(Side::kOurs);
    emit(Side::kOurs, std::move(packets[0]));
    emit(Side::kTheirs, std::move(packets[1]));
    emit(Side::kOurs, std::move(packets[2]));
    if (outcome == ConnectOutcome::kReset) emit(Side::kTheirs, flow.reset(Side::kTheirs));
  }

  void octets(ByteView bytes, const Carriage& over, Side from) {
    if (over.datagram) return datagram(bytes, *over.datagram, from);
    auto* tcp = flow();
    if (tcp == nullptr) return note("; no packet of TCP shows them");
    if (over.tls) comment(kTlsComment);
    auto packets = tcp->data(from, bytes);
    if (packets.empty()) note("; no packet could carry them");
    for (auto& packet : packets) emit(from, std::move(packet));
  }

  void datagram(ByteView bytes, const DatagramPath& path, Side from) {
    const auto found = path_of(path.local, path.peer);
    if (!found || bytes.size() > datagram_limit(found->ours))
      return note("; no datagram could carry them");
    emit(from, from == Side::kOurs ? udp_packet(found->ours, found->theirs, bytes)
                                   : udp_packet(found->theirs, found->ours, bytes));
  }

  void fin(Side from) {
    auto* tcp = flow();
    if (tcp != nullptr && !tcp->has_ended(from)) emit(from, tcp->fin(from));
  }

  void reset(Side from) {
    auto* tcp = flow();
    if (tcp != nullptr && !tcp->is_reset()) emit(from, tcp->reset(from));
  }

  const Scenario& scenario_;
  const Event* event_ = nullptr;
  SyntheticCapture capture_;
  std::map<std::string, TcpFlow> flows_;                 // by the names of their connections
  std::set<std::pair<std::string, std::string>> paths_;  // local and peer of those
  std::size_t flows_made_ = 0;
  int step_ = -1;
  std::vector<std::string> pending_;  // comments of the packet that comes next
  std::size_t left_out_ = 0;          // of them
};

}  // namespace

SyntheticCapture synthesize(const ScenarioResult& result) {
  Synthesizer synthesizer(*result.scenario);
  for (const auto& event : result.transcript) synthesizer.take(event);
  return synthesizer.finish();
}

}  // namespace dialtone::pcapng
