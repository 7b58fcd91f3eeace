#pragma once

#include <string>
#include <string_view>

#include "harness/model/result.hpp"
#include "reports/html_catalogue.hpp"
#include "reports/html_writer.hpp"

namespace dialtone::html {

/// What the section of a result needs besides the result.
struct ScenarioContext {
  const RunResult& run;
  const Anchors& anchors;
  const std::string& root;  ///< as in ReportOptions
  std::size_t index = 0;    ///< of the result: makes ids unique
  bool is_spent = false;    ///< the report holds as much as browsers take: no evidence any more
};

/// One result: what was asked, what happened, the conversation as a diagram and as a table, what
/// programs wrote. Closed where it passed; open where there is something to look at.
void write_scenario(HtmlWriter& html, const ScenarioResult& result, const ScenarioContext& context);

}  // namespace dialtone::html
