#pragma once

#include <cstddef>

#include "reports/report_format.hpp"

/// How much a report needs while it is written.
namespace dialtone {

struct Writing {
  std::size_t octets;  ///< written
  std::size_t memory;  ///< octets of the heap at the most, besides what was there before
};

/// Writes the report to nowhere, and looks at the heap at each piece of it: what a writer holds
/// back is still there when it hands out the first of it.
Writing measure_writing(const ReportFormat& format, const RunResult& run,
                        const ReportOptions& options = {});

}  // namespace dialtone
