#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/model/event_sink.hpp"
#include "harness/model/result.hpp"
#include "harness/model/secrets.hpp"

namespace dialtone {

/// Stands between a run and all that shows it: in the events that go on to the log, and in the
/// result, no secret is left, however the octets were cut. An event is held back, with those after
/// it, while its last octets may begin a secret; what was compared before saw the real ones.
class MaskedRun : public EventSink {
 public:
  /// `secrets` must outlive it. `log`: where the events go besides the transcript.
  MaskedRun(const Secrets& secrets, LoggedRun log) : secrets_(secrets), log_(log) {}
  ~MaskedRun() override;
  MaskedRun(const MaskedRun&) = delete;
  MaskedRun& operator=(const MaskedRun&) = delete;

  int begin(std::size_t place, const std::string& variant) override;
  void add(int run, const Event& event) override;
  void end(int) override {}                                    // likewise
  void failed(std::size_t, const ScenarioResult&) override {}  // who runs it tells the log itself

  /// The scenario is over: masks its problem, its programs' outputs and what else it says, puts the
  /// masked events in the place of its transcript, and notes there which secrets were masked.
  void finish(ScenarioResult& result);

 private:
  struct Piece {
    std::size_t event;  // its number since the begin
    std::size_t size;
  };
  /// One direction of a connection.
  struct Stream {
    PatternSet::State state{};
    std::deque<Piece> pieces{};  // the last one is that of the last octets
  };

  std::string text(std::string_view text) { return secrets_.masked_parts(text, &found_); }
  EventKind masked(const EventKind& kind);
  void scan(Stream& stream, std::size_t number, Bytes& octets);
  void mask_back(const Stream& stream, std::size_t in_last, std::size_t length);
  void mask(ByteComparison& bytes);
  void mask_open_ends();
  Bytes& octets_of(std::size_t number);
  void release();
  void release_all();
  void let_go();

  const Secrets& secrets_;
  LoggedRun log_;
  std::deque<Event> held_;
  std::size_t let_go_ = 0;  // events that are not held any more
  std::map<std::pair<std::string, bool>, Stream> streams_;
  std::set<std::string> found_;
  Transcript transcript_;
};

}  // namespace dialtone
