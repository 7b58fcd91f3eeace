#pragma once

#include <string_view>

#include "reports/report_format.hpp"

namespace dialtone {

/// What the document says of itself.
inline constexpr std::string_view kJsonFormat = "dialtone-json";

/// What the event log holds, as one JSON document.
extern const ReportFormat kJsonReport;

}  // namespace dialtone
