#pragma once

#include "reports/report_format.hpp"

namespace dialtone {

/// One file for people: it needs no network and nothing beside it, and can be read with scripts and
/// styles blocked. What a peer, a file or a program had a hand in is text in it, whatever its
/// octets.
extern const ReportFormat kHtmlReport;

}  // namespace dialtone
