#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// The Test Anything Protocol, version 14 (testanything.org): a subtest for each suite file, and in
/// it a test point for each scenario. What was skipped is `ok` with SKIP; a known failure, and a
/// warning of a run that is not strict, is `not ok` with TODO, which no consumer counts as a
/// failure. The variant `13` is for consumers of that version: the scenarios' test points alone,
/// and no subtests. The diagnostics are YAML that JSON's readers know too, with block scalars for
/// texts. A run that a signal or its time limit ended says `Bail out!` after what it did.
extern const ReportFormat kTapReport;

}  // namespace dialtone
