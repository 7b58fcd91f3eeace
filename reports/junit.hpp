#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// JUnit XML, as CI systems read it. Variant `portable`: what all readers that we know understand;
/// `jenkins-xunit`: the strict subset that the schema of Jenkins' xunit plug-in accepts, which has
/// no place for file and line.
extern const ReportFormat kJunitReport;

}  // namespace dialtone
