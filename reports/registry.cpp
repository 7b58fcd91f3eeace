#include "reports/registry.hpp"

#include <algorithm>
#include <array>

#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/ndjson.hpp"

namespace dialtone {
namespace {

// A list, not self-registration: the linker drops unreferenced objects of a static library.
constexpr std::array kFormats{&kJunitReport, &kJsonReport, &kNdjsonReport};

}  // namespace

std::span<const ReportFormat* const> report_formats() { return kFormats; }

const ReportFormat* find_report_format(std::string_view name) {
  const auto* found = std::ranges::find_if(
      kFormats, [&](const ReportFormat* format) { return format->name == name; });
  return found == kFormats.end() ? nullptr : *found;
}

}  // namespace dialtone
