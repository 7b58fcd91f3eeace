#include "harness/model/masked_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>

namespace dialtone {
namespace {

Bytes* carried(EventKind& kind) {
  if (auto* sent = std::get_if<Sent>(&kind)) return &sent->bytes;
  if (auto* received = std::get_if<Received>(&kind)) return &received->bytes;
  return nullptr;
}

}  // namespace

// A run that is broken off loses nothing of what it had told.
MaskedRun::~MaskedRun() {
  try {
    release_all();
  } catch (...) {
    held_.clear();
  }
}

int MaskedRun::begin(std::size_t, const std::string&) { return log_.number; }

/// One overload a kind and no catch-all: a new kind does not compile until it is placed here.
/// Octets are those of streams, and are looked at in scan().
EventKind MaskedRun::masked(const EventKind& kind) {
  struct Masker {
    MaskedRun& run;
    EventKind operator()(Connected event) const {
      return Connected{run.text(event.local), run.text(event.peer)};
    }
    EventKind operator()(ConnectFailed event) const {
      event.peer = run.text(event.peer);
      event.reason = run.text(event.reason);
      return event;
    }
    EventKind operator()(Listening event) const {
      event.local = run.text(event.local);
      return event;
    }
    EventKind operator()(Accepted event) const {
      return Accepted{run.text(event.local), run.text(event.peer)};
    }
    EventKind operator()(Sent event) const { return event; }
    EventKind operator()(Received event) const { return event; }
    EventKind operator()(PeerEnded event) const { return event; }
    EventKind operator()(WeEnded event) const { return event; }
    EventKind operator()(DeadlinePassed event) const {
      event.waiting_for = run.text(event.waiting_for);
      return event;
    }
    EventKind operator()(Called event) const {
      event.call = run.text(event.call);
      return event;
    }
    EventKind operator()(Noted event) const { return Noted{run.text(event.text)}; }
  };
  return std::visit(Masker{*this}, kind);
}

void MaskedRun::add(int, const Event& event) {
  const auto number = let_go_ + held_.size();
  held_.push_back({event.at, event.step, text(event.connection), masked(event.kind)});
  if (auto* octets = carried(held_.back().kind)) {
    const bool is_sent = std::holds_alternative<Sent>(event.kind);
    scan(streams_[{event.connection, is_sent}], number, *octets);
  }
  release();
}

Bytes& MaskedRun::octets_of(std::size_t number) { return *carried(held_[number - let_go_].kind); }

void MaskedRun::scan(Stream& stream, std::size_t number, Bytes& octets) {
  stream.pieces.push_back({number, octets.size()});
  for (std::size_t at = 0; at < octets.size(); ++at) {
    // Not masked yet: what is, ends before it.
    stream.state = secrets_.patterns().next(stream.state, octets[at]);
    const auto match = secrets_.patterns().match(stream.state);
    if (match.length == 0) continue;
    mask_back(stream, at + 1, match.length);
    found_.insert(secrets_.all()[match.owner].name);
  }
  // What is before the octets that may begin a secret is settled.
  auto open = secrets_.patterns().depth(stream.state);
  std::size_t kept = 0;
  while (kept < stream.pieces.size() && open > 0) {
    const auto& piece = stream.pieces[stream.pieces.size() - 1 - kept];
    open -= std::min(open, piece.size);
    ++kept;
  }
  while (stream.pieces.size() > kept) stream.pieces.pop_front();
}

/// The last `length` octets of the stream, of which `in_last` at most stand in its last piece.
void MaskedRun::mask_back(const Stream& stream, std::size_t in_last, std::size_t length) {
  auto end = in_last;
  for (auto piece = stream.pieces.rbegin(); piece != stream.pieces.rend() && length > 0; ++piece) {
    if (piece != stream.pieces.rbegin()) end = piece->size;
    const auto count = std::min(end, length);
    octets_of(piece->event).replace(end - count, count, count, Secrets::kMask);
    length -= count;
  }
}

void MaskedRun::let_go() {
  transcript_.push_back(std::move(held_.front()));
  held_.pop_front();
  ++let_go_;
  if (log_.sink != nullptr) log_.sink->add(log_.number, transcript_.back());
}

void MaskedRun::release() {
  auto open = let_go_ + held_.size();
  for (const auto& [name, stream] : streams_)
    if (!stream.pieces.empty()) open = std::min(open, stream.pieces.front().event);
  while (let_go_ < open) let_go();
}

/// Where a stream has ended in the middle of a secret, its octets up to there tell of it.
void MaskedRun::mask_open_ends() {
  for (auto& [name, stream] : streams_) {
    const auto open = secrets_.patterns().depth(stream.state);
    if (open < Secrets::kTelling || stream.pieces.empty()) continue;
    mask_back(stream, stream.pieces.back().size, open);
  }
}

void MaskedRun::release_all() {
  mask_open_ends();
  streams_.clear();
  while (!held_.empty()) let_go();
}

/// Where a secret was expected, what came in its place may be nearly all of it.
void MaskedRun::mask(ByteComparison& bytes) {
  const auto expected = text(bytes.expected);
  auto actual = text(bytes.actual);
  const auto common = std::min(expected.size(), actual.size());
  for (std::size_t at = 0; at < common; ++at)
    if (expected[at] != bytes.expected[at]) actual[at] = Secrets::kMask;
  bytes.expected = expected;
  bytes.actual = std::move(actual);
}

void MaskedRun::finish(ScenarioResult& result) {
  auto& problem = result.problem;
  for (auto* part :
       {&problem.type, &problem.message, &problem.expected, &problem.actual, &problem.step})
    *part = text(*part);
  if (problem.bytes) mask(*problem.bytes);
  for (auto& output : result.outputs) {
    output.standard_output = text(output.standard_output);
    output.standard_error = text(output.standard_error);
    output.ended = text(output.ended);
  }
  release_all();
  if (!found_.empty()) {
    const Event* last = transcript_.empty() ? nullptr : &transcript_.back();
    held_.push_back(
        {last == nullptr ? Duration{} : last->at,
         last == nullptr ? 0 : last->step,
         {},
         Noted{fmt::format("masked by '*', octet by octet: {}", fmt::join(found_, ", "))}});
    release_all();
  }
  result.transcript = std::move(transcript_);
}

}  // namespace dialtone
