#include "reports/registry.hpp"

#include <algorithm>
#include <array>

#include "reports/ctrf.hpp"
#include "reports/github.hpp"
#include "reports/html.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/ndjson.hpp"
#include "reports/pcapng.hpp"
#include "reports/tap.hpp"

namespace dialtone {
namespace {

// A list, not self-registration: the linker drops unreferenced objects of a static library.
constexpr std::array kFormats{
    &kCtrfReport,  &kGithubReport, &kHtmlReport,   &kJsonReport,
    &kJunitReport, &kNdjsonReport, &kPcapngReport, &kTapReport,
};

}  // namespace

std::span<const ReportFormat* const> report_formats() { return kFormats; }

const ReportFormat* find_report_format(std::string_view name) {
  const auto* found = std::ranges::find_if(
      kFormats, [&](const ReportFormat* format) { return format->name == name; });
  return found == kFormats.end() ? nullptr : *found;
}

}  // namespace dialtone
