#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// What the event log holds, as one JSON document.
extern const ReportFormat kJsonReport;

}  // namespace dialtone
