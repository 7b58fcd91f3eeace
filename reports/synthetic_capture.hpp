#pragma once

#include <string>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/model/clock.hpp"

namespace dialtone {
struct ScenarioResult;
}

namespace dialtone::pcapng {

struct CapturedPacket {
  Duration at;  ///< since the scenario began
  bool inbound = false;
  Bytes octets;  ///< an IP packet
  std::vector<std::string> comments{};
};

/// Packets that a transcript could have been seen as. Texts are printable.
struct SyntheticCapture {
  std::vector<CapturedPacket> packets;
  std::vector<std::string> notes;  ///< what no packet could carry as its comment
};

/// What the transcript says, and no more: a time-out is a SYN without an answer, or nothing; a Unix
/// socket has no packets; what TLS carried is plain text, and said to be. What no packet shows
/// (steps, deadlines, notes) is a comment of the packet that comes next, else of the last one.
SyntheticCapture synthesize(const ScenarioResult& result);

}  // namespace dialtone::pcapng
