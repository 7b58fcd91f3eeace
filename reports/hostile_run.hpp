#pragma once

#include "harness/model/bytes.hpp"
#include "harness/model/result.hpp"

/// Runs that try to break out of a report.
namespace dialtone {

/// A failing scenario with the same octets in every place that a peer, a file or a program can
/// fill.
RunResult run_with(const Bytes& octets);

/// 0x00 to 0xff.
Bytes all_octets();

/// One scenario that failed with megabytes of everything.
RunResult run_with_a_flood();

}  // namespace dialtone
