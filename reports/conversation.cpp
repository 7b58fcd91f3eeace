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

constexpr std::string_view kToPeer = "->";
constexpr std::string_view kFromPeer = "<-";
constexpr std::string_view kNeither = "--";

/// What travelled, and which way.
struct Motion {
  std::string_view arrow;
  std::string what;
};

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

Motion motion_of(const EventKind& kind, const ConversationOptions& options) {
  if (const auto* sent = std::get_if<Sent>(&kind))
    return {kToPeer, octets_shown(sent->bytes, options)};
  if (const auto* received = std::get_if<Received>(&kind))
    return {kFromPeer, octets_shown(received->bytes, options)};
  if (const auto* peer = std::get_if<PeerEnded>(&kind)) return {kFromPeer, word_for(*peer)};
  if (const auto* we = std::get_if<WeEnded>(&kind))
    return {kToPeer, std::string(word_for(we->how))};
  return {kNeither, printable(describe(kind))};
}

class Renderer {
 public:
  Renderer(const Transcript& transcript, const ConversationOptions& options)
      : transcript_(transcript), options_(options) {
    for (const auto& event : transcript)
      name_width_ = std::max(name_width_, printable(event.connection).size());
  }

  Lines render() const {
    const auto limit = std::max<std::size_t>(options_.events, 1);
    if (transcript_.size() <= limit) return range(0, transcript_.size());
    const auto head = limit / 4;
    const auto tail = transcript_.size() - (limit - head);
    auto lines = range(0, head);
    const auto left_out = plural(tail - head, "event") + " left out";
    lines.push_back({fmt::format("[... {} ...]", left_out), Line::Tone::kFaint});
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
    const auto motion = motion_of(event.kind, options_);
    return fmt::format("{:<11} {} {:<{}}  {}", "T+" + humanize(event.at), motion.arrow,
                       printable(event.connection), name_width_, motion.what);
  }

  const Transcript& transcript_;
  const ConversationOptions& options_;
  std::size_t name_width_ = 0;
};

}  // namespace

Lines render_conversation(const Transcript& transcript, const ConversationOptions& options) {
  return Renderer(transcript, options).render();
}

}  // namespace dialtone
