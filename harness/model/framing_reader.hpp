#pragma once

#include <functional>
#include <optional>

#include "harness/model/bytes.hpp"
#include "harness/model/framing.hpp"
#include "harness/model/json_source.hpp"
#include "harness/model/load_context.hpp"

namespace dialtone {

/// The octets of a payload; nullopt where it was reported to be wrong.
using ReadOctets = std::function<std::optional<Bytes>(const JsonNode&)>;

/// The framing that `node` says: "oneshot", "line", "until_eof", {"delimiter": PAYLOAD},
/// {"length_prefix": {"octets": 4, ...}}, {"fixed": 16} or {"oneshot": 1024}. Every mistake is
/// reported; nullopt then.
std::optional<Framing> read_framing(const JsonNode& node, const ReadOctets& octets,
                                    LoadContext& context);

}  // namespace dialtone
