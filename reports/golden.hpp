#pragma once

#include <string>
#include <string_view>

namespace dialtone {

/// Compares with reports/testdata/NAME; with DIALTONE_UPDATE_GOLDENS set in the environment, writes
/// that file instead.
void expect_golden(std::string_view name, const std::string& actual);

/// A file of reports/testdata.
std::string testdata(std::string_view name);

}  // namespace dialtone
