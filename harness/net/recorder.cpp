#include "harness/net/recorder.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "harness/model/plural.hpp"

namespace dialtone {

void Recorder::add(const std::string& connection, EventKind kind) {
  const auto* received = std::get_if<Received>(&kind);
  if (received != nullptr && !is_kept(*received)) return;
  transcript_.push_back({Clock::now() - origin_, step_, connection, std::move(kind)});
  if (log_.sink != nullptr) log_.sink->add(log_.number, transcript_.back());
}

bool Recorder::is_kept(const Received& received) {
  if (!keeps_arrivals()) {
    if (arrivals_dropped_++ == 0) note("so much has come by now that no more of it is kept");
    octets_dropped_ += received.bytes.size();
    return false;
  }
  room_ -= std::min(room_, received.bytes.size() + sizeof(Event));
  return true;
}

Transcript Recorder::take() {
  if (arrivals_dropped_ > 0) note(plural(octets_dropped_, "octet") + " more came: not kept here");
  arrivals_dropped_ = 0;
  return std::move(transcript_);
}

}  // namespace dialtone
