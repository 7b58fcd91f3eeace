#include "harness/cli/report_options.hpp"

#include <fmt/format.h>

#include <iostream>
#include <utility>
#include <variant>

#include "harness/cli/diagnose.hpp"

namespace dialtone {

CLI::Option* add_report_option(CLI::App& command, std::vector<std::string>& written) {
  return command
      .add_option("--report", written,
                  "FORMAT[:VARIANT][=PATH], such as junit=build/reports/article.xml; repeatable")
      ->allow_extra_args(false);
}

std::optional<std::vector<ReportRequest>> report_requests(const std::vector<std::string>& written) {
  std::vector<ReportRequest> requests;
  bool good = true;
  for (const auto& each : written) {
    auto parsed = parse_report_request(each);
    if (auto* request = std::get_if<ReportRequest>(&parsed)) {
      requests.push_back(std::move(*request));
    } else {
      print_error(fmt::format("--report {}: {}", each, std::get<std::string>(parsed)));
      good = false;
    }
  }
  if (good) return requests;
  return std::nullopt;
}

bool write_reports(std::vector<ReportRequest> requests, const RunResult& run) {
  attach_files(requests, run);
  bool good = true;
  for (const auto& request : requests) {
    const auto problem = write_report(request, run, std::cout);
    if (!problem) continue;
    print_error(*problem);
    good = false;
  }
  return good;
}

}  // namespace dialtone
