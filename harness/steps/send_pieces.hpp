#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/bytes.hpp"
#include "harness/net/connection.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class Session;

/// Where octets are cut: places from the front, ascending; nullopt: behind each octet.
using Cuts = std::optional<std::vector<std::size_t>>;

/// The problem's type where the peer had ended the connection before it took all.
inline constexpr std::string_view kSendFailed = "SendFailed";

/// Why such cuts cannot be made, for a person: one leaves nothing behind it. nullopt: they can. A
/// single octet may be "cut" behind itself, which sends it whole: so does the only round of
/// each_cut.
std::optional<std::string> no_such_cut(const Cuts& cuts, std::size_t octets);

/// `octets` cut there; places outside them cut nothing.
std::vector<ByteView> pieces_of(ByteView octets, const Cuts& cuts);

/// Sends piece after piece, so that each is a segment of its own, read by itself. Before the next
/// one goes out, the peer's socket must hold nothing unread (the barrier, requirements 2); where
/// the kernel does not show that socket, `gap` passes instead, and the session notes that the split
/// was not shown to have happened.
Task<StepOutcome> send_pieces(Session& session, Connection& connection,
                              const std::vector<ByteView>& pieces, Duration gap, Deadline deadline);

/// The same over TLS, for pieces of the records that `octets` make.
Task<StepOutcome> send_record_pieces(Session& session, Connection& connection, ByteView octets,
                                     Cuts cuts, Duration gap, Deadline deadline);

/// Over TLS: the records that `octets` make, with the last octet changed.
Task<StepOutcome> send_forged(Connection& connection, ByteView octets, Deadline deadline);

/// What the kernel shows of a piece that was sent.
enum class SeenPiece {
  kRead,    ///< the peer has taken it, or has ended and takes nothing more: what follows finds out
  kUnread,  ///< it has not by the deadline
  kHidden,  ///< the peer's socket is not to be seen
};

/// Waits until the peer has read all that was sent. One that has only half-closed goes on to read.
Task<SeenPiece> await_read(Session& session, Connection& connection, Deadline deadline);

/// What a delivery means for the step.
StepOutcome judge_delivery(const Delivery& delivery, const Deadline& deadline);

}  // namespace dialtone
