#pragma once

#include <cstddef>
#include <string>

#include "harness/model/charset.hpp"
#include "harness/model/event.hpp"
#include "reports/line.hpp"

namespace dialtone {

struct ConversationOptions {
  Encoding encoding = Encoding::kUtf8;  ///< of the text beside the hex
  std::size_t events =
      400;  ///< shown at the most: the first quarter, and the last, which matter more
  std::size_t octets = 64;  ///< shown of each payload
};

/// What an event moved, and which way.
enum class Way { kToPeer, kFromPeer, kNeither };
Way way_of(const EventKind& kind);

/// For a person, printable, without octets: "7 octets", "FIN", "RST after its FIN (FIN, later
/// reset)", "deadline of 200ms passed, waiting for '!'".
std::string words_for(const EventKind& kind);

/// The events of a transcript that are shown: those before `head` and those from `tail` on.
struct ShownEvents {
  std::size_t head;
  std::size_t tail;  ///< equal to `head` where none is left out
};
ShownEvents shown_events(std::size_t size, std::size_t limit);

/// One line an event, with the time since the scenario began and an arrow for what travelled:
///   T+0.31 ms   -> c  7 octets  c4 e3 d4 da c3 b4 3f  "你在么?"
///   T+0.62 ms   <- c  FIN
/// Everything that a peer had a hand in is printable.
Lines render_conversation(const Transcript& transcript, const ConversationOptions& options);

}  // namespace dialtone
