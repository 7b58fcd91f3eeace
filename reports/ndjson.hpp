#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// The event log of a run that has finished. `dialtone run` writes it itself, as things happen.
extern const ReportFormat kNdjsonReport;

}  // namespace dialtone
