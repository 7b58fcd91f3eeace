#pragma once

#include <optional>

#include "harness/model/bytes.hpp"
#include "harness/model/variant.hpp"
#include "harness/net/connection.hpp"
#include "harness/steps/step.hpp"

namespace dialtone {

class Session;

/// Sends the octets as a variant cuts them, each piece when the peer has read the one before, or
/// has left it in its kernel's queue for a while, as for the step's own `split`. The scenario says
/// nothing of such a wait, so where a piece does not even arrive, that is no failure: the rest goes
/// out whole. Of all but pieces that were read, the session notes that the variant did not show
/// what it was to show. Each piece has the step's deadline anew (`within`, else the scenario's).
Task<StepOutcome> send_varied(Session& session, Connection& connection, ByteView octets,
                              Segmentation segmentation, std::optional<Duration> within);

}  // namespace dialtone
