#include "reports/html_rung.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/utf8.hpp"
#include "reports/conversation.hpp"
#include "reports/display_width.hpp"
#include "reports/octet_text.hpp"

namespace dialtone::html {
namespace {

using Shape = Rung::Shape;

constexpr std::size_t kHexOctets = 20;   // shown below an arrow
constexpr std::size_t kTextOctets = 64;  // decoded for the text above it

Shape shape_of(const PeerEnded& event) {
  switch (event.ending) {
    case Ending::kFin: return Shape::kFin;
    case Ending::kReset: return Shape::kReset;
    case Ending::kTimeout: return Shape::kGivenUp;
    case Ending::kTruncated: return Shape::kTruncated;
    case Ending::kTlsFailed: return Shape::kReset;
  }
  return Shape::kReset;
}

Shape shape_of(ConnectOutcome outcome) {
  switch (outcome) {
    case ConnectOutcome::kConnected: return Shape::kHandshake;
    case ConnectOutcome::kRefused:
    case ConnectOutcome::kReset:
    case ConnectOutcome::kTlsFailed: return Shape::kRefused;
    case ConnectOutcome::kTimeout:
    case ConnectOutcome::kUnreachable: return Shape::kUnheard;
  }
  return Shape::kUnheard;
}

Shape shape_of(WeEnded::How how) {
  switch (how) {
    case WeEnded::How::kShutdown: return Shape::kFin;
    case WeEnded::How::kClose: return Shape::kClose;
    case WeEnded::How::kReset: return Shape::kReset;
  }
  return Shape::kReset;
}

/// One overload a kind and no catch-all: a new kind does not compile until it is placed here.
struct RungMaker {
  const EventKind& kind;
  Encoding encoding;

  Rung operator()(const Connected&) const { return {Shape::kHandshake, true, words()}; }
  Rung operator()(const ConnectFailed& event) const {
    return {shape_of(event.outcome), true, words()};
  }
  Rung operator()(const Listening&) const { return {Shape::kNote, true, words()}; }
  Rung operator()(const Accepted&) const { return {Shape::kHandshake, false, words()}; }
  Rung operator()(const Sent& event) const { return payload(event.bytes, true); }
  Rung operator()(const Received& event) const { return payload(event.bytes, false); }
  Rung operator()(const PeerEnded& event) const { return {shape_of(event), false, words()}; }
  Rung operator()(const WeEnded& event) const { return {shape_of(event.how), true, words()}; }
  Rung operator()(const DeadlinePassed&) const { return {Shape::kDeadline, false, words()}; }
  Rung operator()(const Called&) const { return {Shape::kNote, true, words()}; }
  Rung operator()(const Noted&) const { return {Shape::kNote, true, words()}; }

 private:
  std::string words() const { return fit(words_for(kind), kRungColumns); }

  Rung payload(ByteView bytes, bool to_peer) const {
    const auto text = shown_text(glyphs(encoding, bytes, 0, std::min(bytes.size(), kTextOctets)));
    const auto shown = std::min(bytes.size(), kHexOctets);
    const auto more = bytes.size() - shown;
    return {Shape::kArrow, to_peer,
            fit(fmt::format("{}  \"{}\"", words_for(kind), text), kRungColumns),
            to_hex(bytes.substr(0, shown)) + (more == 0 ? "" : fmt::format(" (+{})", more))};
  }
};

}  // namespace

Rung rung_of(const EventKind& kind, Encoding encoding) {
  return std::visit(RungMaker{kind, encoding}, kind);
}

std::string fit(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::size_t kept = 0;
  std::size_t width = 0;
  while (kept < text.size()) {
    const auto character = decode_utf8(text, kept);
    const auto length = character ? character->length : 1;
    width += display_width(text.substr(kept, length));
    if (width + 1 > columns) break;
    kept += length;
  }
  return std::string(text.substr(0, kept)) + "\u2026";
}

}  // namespace dialtone::html
