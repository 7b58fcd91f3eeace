#pragma once

#include <span>
#include <string_view>

#include "reports/report_format.hpp"

namespace dialtone {

/// Every format that `--report` knows.
std::span<const ReportFormat* const> report_formats();

/// nullptr where no format has the name.
const ReportFormat* find_report_format(std::string_view name);

}  // namespace dialtone
