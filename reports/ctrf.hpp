#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// Common Test Report Format (ctrf.io), JSON after its schema 0.0: `results` with `tool`,
/// `summary`, `environment` and a test for each scenario run. An error is "failed", for it fails
/// the run; a known failure, and a warning of a run that is not strict, is "other". The verdict
/// itself stands in `rawStatus`. A repetition that passes beside others that fail is `flaky`.
extern const ReportFormat kCtrfReport;

}  // namespace dialtone
