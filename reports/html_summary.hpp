#pragma once

#include <vector>

#include "harness/model/result.hpp"
#include "reports/html_catalogue.hpp"
#include "reports/html_writer.hpp"

namespace dialtone::html {

/// The results of one suite file, in the order in which the files first appear.
struct SuiteResults {
  const Suite* suite = nullptr;
  std::vector<const ScenarioResult*> results{};
  Totals totals{};
};
std::vector<SuiteResults> by_suite(const RunResult& run);

/// "suite-3", of the suite's heading.
std::string suite_anchor(std::size_t index);

/// What ran, when and where; how many of each verdict, in all and by suite.
void write_summary(HtmlWriter& html, const RunResult& run, const std::vector<SuiteResults>& suites);

}  // namespace dialtone::html
