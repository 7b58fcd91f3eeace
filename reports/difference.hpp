#pragma once

#include <cstddef>

#include "harness/model/result.hpp"
#include "reports/line.hpp"

namespace dialtone {

/// How a byte difference is shown.
struct DifferenceStyle {
  enum class Mark {
    kBars,    ///< 32 35 |25|: survives any font and any reader that joins lines
    kCarets,  ///< ^^ below the octet and below the character: for a terminal
  };
  Mark mark = Mark::kBars;
  std::size_t before = 16;  ///< octets shown before the first that differs
  std::size_t after = 32;   ///< octets shown from it on
};

/// Expected above actual, once in hex and once as text in the comparison's encoding, a window
/// around the first octet that differs. Octets outside the window are counted, so that nothing
/// disappears silently.
Lines render_difference(const ByteComparison& comparison, const DifferenceStyle& style);

}  // namespace dialtone
