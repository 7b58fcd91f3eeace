#pragma once

#include <optional>

#include "harness/model/bytes.hpp"
#include "harness/model/variant.hpp"
#include "harness/net/connection.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class Session;

/// Sends the octets as a variant cuts them, each piece when the peer has read the one before. The
/// scenario says nothing of such a wait, so a peer that does not read is no failure: the rest goes
/// out whole, and the session notes that the split was not shown to have happened. Each piece has
/// the step's deadline anew (`within`, else the scenario's).
Task<StepOutcome> send_varied(Session& session, Connection& connection, ByteView octets,
                              Segmentation segmentation, std::optional<Duration> within);

}  // namespace dialtone
