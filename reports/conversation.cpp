#include "reports/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "harness/model/duration.hpp"
#include "harness/model/errno_name.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "reports/octet_text.hpp"

namespace dialtone {
namespace {

std::string_view arrow_of(Way way) {
  switch (way) {
    case Way::kToPeer: return "->";
    case Way::kFromPeer: return "<-";
    case Way::kNeither: return "--";
  }
  return "--";
}

std::string octets_shown(ByteView bytes, const ConversationOptions& options) {
  const auto length = std::min(bytes.size(), options.octets);
  if (length == 0) return plural(bytes.size(), "octet");
  const auto text = shown_text(glyphs(options.encoding, bytes, 0, length));
  const auto rest = bytes.size() - length;
  return fmt::format("{}  {}  \"{}\"{}", plural(bytes.size(), "octet"),
                     to_hex(bytes.substr(0, length)), text,
                     rest == 0 ? "" : fmt::format(" ({} more)", rest));
}

std::string word_for(const PeerEnded& peer) {
  if (peer.after_fin) return "RST after its FIN (FIN, later reset)";
  switch (peer.ending) {
    case Ending::kFin: return "FIN";
    case Ending::kReset: return "RST";
    case Ending::kTimeout:
      return fmt::format("given up by the kernel ({})",
                         errno_name(peer.error == 0 ? ETIMEDOUT : peer.error));
    case Ending::kTruncated: return "FIN without close_notify (truncated)";
    case Ending::kTlsFailed: return "TLS broken";
  }
  return "ended";
}

std::string_view word_for(WeEnded::How how) {
  switch (how) {
    case WeEnded::How::kShutdown: return "FIN (shutdown)";
    case WeEnded::How::kClose: return "close";
    case WeEnded::How::kReset: return "RST";
  }
  return "ended";
}

std::string what(const EventKind& kind, const ConversationOptions& options) {
  const bool has_payload =
      std::holds_alternative<Sent>(kind) || std::holds_alternative<Received>(kind);
  return has_payload ? octets_shown(payload_of(kind), options) : words_for(kind);
}

class Renderer {
 public:
  Renderer(const Transcript& transcript, const ConversationOptions& options)
      : transcript_(transcript), options_(options) {
    for (const auto& event : transcript)
      name_width_ = std::max(name_width_, printable(event.connection).size());
  }

  Lines render() const {
    const auto [head, tail] = shown_events(transcript_.size(), options_.events);
    auto lines = range(0, head);
    if (tail > head) {
      const auto left_out = plural(tail - head, "event") + " left out";
      lines.push_back({fmt::format("[... {} ...]", left_out), Line::Tone::kFaint});
    }
    append(lines, range(tail, transcript_.size()));
    return lines;
  }

 private:
  Lines range(std::size_t first, std::size_t last) const {
    Lines lines;
    for (auto at = first; at < last; ++at) lines.push_back({line(transcript_[at])});
    return lines;
  }

  std::string line(const Event& event) const {
    return fmt::format("{:<11} {} {:<{}}  {}", "T+" + humanize(event.at),
                       arrow_of(way_of(event.kind)), printable(event.connection), name_width_,
                       what(event.kind, options_));
  }

  const Transcript& transcript_;
  const ConversationOptions& options_;
  std::size_t name_width_ = 0;
};

}  // namespace

Way way_of(const EventKind& kind) {
  const bool to_peer = std::holds_alternative<Sent>(kind) || std::holds_alternative<WeEnded>(kind);
  const bool from_peer =
      std::holds_alternative<Received>(kind) || std::holds_alternative<PeerEnded>(kind);
  if (to_peer) return Way::kToPeer;
  return from_peer ? Way::kFromPeer : Way::kNeither;
}

std::string words_for(const EventKind& kind) {
  if (const auto* sent = std::get_if<Sent>(&kind)) return plural(sent->bytes.size(), "octet");
  if (const auto* received = std::get_if<Received>(&kind))
    return plural(received->bytes.size(), "octet");
  if (const auto* peer = std::get_if<PeerEnded>(&kind)) return word_for(*peer);
  if (const auto* we = std::get_if<WeEnded>(&kind)) return std::string(word_for(we->how));
  return printable(describe(kind));
}

ShownEvents shown_events(std::size_t size, std::size_t limit) {
  limit = std::max<std::size_t>(limit, 1);
  if (size <= limit) return {size, size};
  const auto head = limit / 4;
  return {head, size - (limit - head)};
}

Lines render_conversation(const Transcript& transcript, const ConversationOptions& options) {
  return Renderer(transcript, options).render();
}

}  // namespace dialtone
