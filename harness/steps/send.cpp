#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/send_datagram.hpp"
#include "harness/steps/send_pieces.hpp"
#include "harness/steps/send_varied.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

std::optional<Duration> read_gap(const StepReader& reader) {
  if (!reader.has("gap")) return std::nullopt;
  return reader.duration("gap", {});
}

constexpr std::string_view kNothingUrgent = "there is no octet to be urgent";

class Send : public Step {
 public:
  explicit Send(StepReader& reader)
      : payload_(reader.payload("send")),
        on_(reader.connections("on")),
        cuts_(reader.cuts("split")),
        own_cuts_(reader.has("split")),
        record_cuts_(reader.cuts("split_records")),
        cuts_records_(reader.has("split_records")),
        forged_(reader.flag("forged")),
        urgent_(reader.flag("urgent")),
        may_end_(reader.flag("may_end")),
        await_read_(reader.flag("await_read")),
        gap_(read_gap(reader)),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto octets = session.octets(payload_);
    if (const auto* problem = std::get_if<Impossible>(&octets)) co_return *problem;
    const auto deadline = session.deadline(within_);
    for (const auto& name : on_) {
      auto outcome = co_await send_to(session, name, std::get<Bytes>(octets), deadline);
      if (std::holds_alternative<Passed>(outcome)) continue;
      if (may_end_ && is_gone(outcome)) continue;
      if (on_.size() > 1) name_connection(outcome, name);
      co_return outcome;
    }
    co_return Passed{};
  }

  const std::vector<std::string>& on() const { return on_; }

  /// Why its cuts cannot be made, where the octets are known before the run; an empty payload may
  /// be one that was reported.
  std::optional<std::string> uncuttable() const {
    const auto* octets = payload_.constant();
    if (octets == nullptr || octets->empty()) return std::nullopt;
    return no_such_cut(cuts_, octets->size());
  }

  /// Whether it is known before the run that there is no octet to be urgent.
  bool has_nothing_urgent() const {
    const auto* octets = payload_.constant();
    return urgent_ && octets != nullptr && octets->empty();
  }

 private:
  static bool is_gone(const StepOutcome& outcome) {
    const auto* failure = std::get_if<Failed>(&outcome);
    return failure != nullptr && failure->problem.type == kSendFailed;
  }

  Task<StepOutcome> send_to(Session& session, const std::string& name, ByteView octets,
                            Deadline deadline) const {
    if (!session.has_datagrams(name))
      return send_on(session, session.connection(name), octets, deadline);
    return send_datagram(session.datagrams(name), octets, deadline);
  }

  Task<StepOutcome> send_on(Session& session, Connection& connection, ByteView octets,
                            Deadline deadline) const {
    if (!await_read_) co_return co_await send_stream(session, connection, octets, deadline);
    PieceWatch watch(session, connection, pace_of(session, 1, gap_));
    auto outcome = co_await send_stream(session, connection, octets, deadline);
    if (!std::holds_alternative<Passed>(outcome)) co_return outcome;
    auto problem = co_await await_reader(session, watch, "what was sent", octets.size(),
                                         gap_.value_or(kGap), deadline);
    if (problem) co_return std::move(*problem);
    co_return Passed{};
  }

  Task<StepOutcome> send_stream(Session& session, Connection& connection, ByteView octets,
                                Deadline deadline) const {
    if (urgent_) {
      // The last octet is urgent (man 7 tcp).
      if (octets.empty()) co_return impossible("NothingUrgent", std::string(kNothingUrgent));
      const auto delivery = co_await connection.send(octets, deadline, MSG_OOB);
      co_return judge_delivery(delivery, deadline);
    }
    if (own_cuts_) {
      if (const auto problem = no_such_cut(cuts_, octets.size()))
        co_return impossible("NoSuchCut", *problem);
      co_return co_await send_pieces(session, connection, pieces_of(octets, cuts_), gap_, deadline);
    }
    if (forged_) co_return co_await send_forged(connection, octets, deadline);
    if (cuts_records_)
      co_return co_await send_record_pieces(session, connection, octets, record_cuts_, gap_,
                                            deadline);
    const auto varied = session.segmentation_of(this, connection.name(), octets.size());
    if (varied) co_return co_await send_varied(session, connection, octets, *varied, within_);
    const auto delivery = co_await connection.send(octets, deadline);
    co_return judge_delivery(delivery, deadline);
  }

  Payload payload_;
  std::vector<std::string> on_;
  Cuts cuts_;
  bool own_cuts_;
  Cuts record_cuts_;
  bool cuts_records_;
  bool forged_;
  bool urgent_;
  bool may_end_;
  bool await_read_;
  std::optional<Duration> gap_;
  std::optional<Duration> within_;
};

void check_cuts(StepReader& reader, const Send& step) {
  const auto problem = step.uncuttable();
  if (problem) reader.report("split", *problem, "a cut is a number of octets before it, from 1");
}

/// What is done below TLS, and what cannot go with it.
void check_records(StepReader& reader) {
  for (const auto* field : {"split_records", "forged"}) {
    if (!reader.has(field)) continue;
    for (const auto* other : {"split", "urgent", "forged"}) {
      if (reader.has(other) && std::string_view(other) != field)
        reader.report(field, fmt::format("'{}' and '{}' exclude each other", field, other));
    }
  }
}

std::shared_ptr<const Step> parse_send(StepReader& reader) {
  const auto before = reader.context().mistakes();
  auto step = std::make_shared<Send>(reader);
  const bool on_datagrams = std::ranges::any_of(
      step->on(), [&](const auto& name) { return reader.scope().is_datagrams(name); });
  for (const auto* field :
       {"split", "split_records", "forged", "gap", "may_end", "urgent", "await_read"}) {
    if (on_datagrams && reader.has(field))
      reader.report(field,
                    fmt::format("'{}' is for streams: a send on UDP is one datagram", field));
  }
  if (reader.flag("urgent")) reader.need("tcp");
  for (const auto* field : {"split", "await_read"}) {
    if (reader.flag("urgent") && reader.has(field))
      reader.report("urgent", fmt::format("'urgent' and '{}' exclude each other", field));
  }
  if (step->has_nothing_urgent() && reader.context().mistakes() == before)
    reader.report("urgent", std::string(kNothingUrgent), "MSG_OOB makes the last octet urgent");
  check_cuts(reader, *step);
  check_records(reader);
  return step;
}

constexpr std::array kFields{
    Field{"send", FieldType::kPayload, "the octets", true},
    Field{"on", FieldType::kConnections, "the connection; the only one by default"},
    Field{
        "split", FieldType::kCuts,
        "where they are cut into pieces, each a segment of its own: the next one goes out when the "
        "peer has read the one before, or has left it in its kernel's queue for a while, as a "
        "server may that waits for a whole message"},
    Field{
        "split_records", FieldType::kCuts,
        "over TLS: the same for the records that they make, whose headers have 5 octets: the cuts "
        "are TCP's, and TLS must not see them"},
    Field{"forged", FieldType::kBoolean,
          "over TLS: the last octet of the last record is changed after it was encrypted"},
    Field{"gap", FieldType::kDuration,
          "time between pieces where the kernel does not show what the peer has read, \"50ms\" by "
          "default, and where it shows that the peer leaves them unread: 200ms at least for the "
          "first, \"1ms\" to \"50ms\" by default then"},
    Field{"await_read", FieldType::kBoolean,
          "waits behind the last octet too until the peer has read it, or has left it in its "
          "kernel's queue for a while"},
    Field{"may_end", FieldType::kBoolean,
          "the peer may end the connection before it has taken all of them"},
    Field{"urgent", FieldType::kBoolean, "sent with MSG_OOB: the last octet is urgent"},
};

}  // namespace

extern const StepSpec kSend{.verb = "send",
                            .summary =
                                "Sends octets. That they were sent says nothing of the server: the "
                                "kernel takes them, read or not. On UDP: one datagram.",
                            .fields = kFields,
                            .needs = "",
                            .example = R"({ "send": "你在么?", "on": "c" })",
                            .parse = parse_send,
                            .links = Links::kBoth};

}  // namespace dialtone
