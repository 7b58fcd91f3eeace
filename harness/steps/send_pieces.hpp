#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/net/connection.hpp"
#include "harness/steps/piece_watch.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class Session;

/// Where octets are cut: places from the front, ascending; nullopt: behind each octet.
using Cuts = std::optional<std::vector<std::size_t>>;

/// `gap` of a step that has none, where the kernel does not show the peer's socket: longer than a
/// delayed ACK takes.
inline constexpr Duration kGap = std::chrono::milliseconds(50);

/// The problem's type where the peer had ended the connection before it took all.
inline constexpr std::string_view kSendFailed = "SendFailed";

/// Why such cuts cannot be made, for a person: one leaves nothing behind it. nullopt: they can. A
/// single octet may be "cut" behind itself, which sends it whole: so does the only round of
/// each_cut.
std::optional<std::string> no_such_cut(const Cuts& cuts, std::size_t octets);

/// `octets` cut there; places outside them cut nothing.
std::vector<ByteView> pieces_of(ByteView octets, const Cuts& cuts);

/// Sends piece after piece, so that each is a segment of its own, which arrives by itself. Before
/// the next one goes out, the peer must have read the one before (the barrier), or
/// have left it in its kernel's queue for the time of pace_of(). Where the kernel does not show the
/// peer's socket, `gap` passes instead (nullopt: kGap), and the session notes that the split was
/// not shown to have happened.
Task<StepOutcome> send_pieces(Session& session, Connection& connection,
                              const std::vector<ByteView>& pieces, std::optional<Duration> gap,
                              Deadline deadline);

/// The same over TLS, for pieces of the records that `octets` make.
Task<StepOutcome> send_record_pieces(Session& session, Connection& connection, ByteView octets,
                                     Cuts cuts, std::optional<Duration> gap, Deadline deadline);

/// Over TLS: the records that `octets` make, with the last octet changed.
Task<StepOutcome> send_forged(Connection& connection, ByteView octets, Deadline deadline);

/// The barrier behind what was sent last, so many octets, which `what` names for a person ("piece 1
/// of 2"). nullopt: the next piece may go.
Task<std::optional<StepOutcome>> await_reader(Session& session, PieceWatch& watch, std::string what,
                                              std::size_t octets, Duration gap, Deadline deadline);

/// What a delivery means for the step.
StepOutcome judge_delivery(const Delivery& delivery, const Deadline& deadline);

}  // namespace dialtone
