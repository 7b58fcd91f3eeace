#include "harness/cli/report_options.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <system_error>
#include <utility>
#include <variant>

#include "harness/cli/diagnose.hpp"

namespace dialtone {

namespace {

namespace fs = std::filesystem;

/// The same for each way to name a file, which need not be there.
fs::path place_of(const std::string& path) {
  std::error_code none;
  const auto place = fs::weakly_canonical(path, none);
  return none ? fs::path(path) : place;
}

/// Not a pipe, a terminal or /dev/null, which take any number of reports.
bool is_regular_or_new(const std::string& path) {
  std::error_code none;
  return !fs::exists(path, none) || fs::is_regular_file(path, none) || fs::is_directory(path, none);
}

/// Whether none of them would replace another; else that is said.
bool are_apart(const std::vector<ReportRequest>& requests) {
  std::map<fs::path, const ReportRequest*> taken;
  for (const auto& request : requests) {
    if (request.path.empty() || !is_regular_or_new(request.path)) continue;
    const auto [found, is_new] = taken.emplace(place_of(request.path), &request);
    const auto& other = *found->second;
    const bool is_same =
        other.format == request.format && other.options.variant == request.options.variant;
    if (is_new || is_same) continue;
    print_error(fmt::format("--report {}={}: '{}' would be written there too", request.format->name,
                            request.path, other.format->name));
    return false;
  }
  return true;
}

}  // namespace

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
  if (good && are_apart(requests)) return requests;
  return std::nullopt;
}

bool would_overwrite(const std::vector<ReportRequest>& requests,
                     const std::vector<std::string>& inputs) {
  for (const auto& request : requests) {
    for (const auto& input : inputs) {
      if (request.path.empty() || !is_regular_or_new(request.path)) continue;
      if (place_of(request.path) != place_of(input)) continue;
      print_error(fmt::format("--report {}={}: that file is read here", request.format->name,
                              request.path));
      return true;
    }
  }
  return false;
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
