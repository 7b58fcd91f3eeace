#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// A directory with a capture of each scenario that ran, made of its transcript and marked as such,
/// for whoever would rather look at a conversation in Wireshark.
extern const ReportFormat kPcapngReport;

}  // namespace dialtone
