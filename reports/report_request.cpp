#include "reports/report_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/result.hpp"
#include "reports/registry.hpp"
#include "reports/report_file.hpp"

namespace dialtone {
namespace {

std::string unknown_format(std::string_view name) {
  std::vector<std::string> known;
  for (const auto* format : report_formats()) known.emplace_back(format->name);
  return fmt::format("unknown report format '{}' ({})", name, suggest(name, known));
}

constexpr std::string_view kAbsoluteAttachments = "absolute-attachments";

std::string unknown_variant(const ReportFormat& format, std::string_view variant) {
  std::vector<std::string> known(format.variants.begin(), format.variants.end());
  if (format.has_attachments) known.emplace_back(kAbsoluteAttachments);
  const auto hint = known.empty() ? std::string("it has none") : suggest(variant, known);
  return fmt::format("report format '{}' has no variant '{}' ({})", format.name, variant, hint);
}

/// The words between ':' and '=', of which one may be the variant; or the one that is wrong.
std::optional<std::string_view> read_words(std::string_view words, const ReportFormat& format,
                                           ReportOptions& options) {
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    const auto word = words.substr(at, end - at);
    at = end + 1;
    const bool is_variant = std::ranges::find(format.variants, word) != format.variants.end();
    if (format.has_attachments && word == kAbsoluteAttachments) {
      options.absolute_attachments = true;
    } else if (is_variant && options.variant.empty()) {
      options.variant = word;
    } else {
      return word;
    }
  }
  return std::nullopt;
}

/// Empty where it is unset.
std::string environment(std::string_view variable) {
  if (variable.empty()) return {};
  const char* value = std::getenv(std::string(variable).c_str());
  return value == nullptr ? std::string() : value;
}

std::string root_of(const ReportFormat& format) {
  for (const auto variable : format.root_variables)
    if (auto root = environment(variable); !root.empty()) return root;
  return {};
}

std::optional<std::string> write_directory(const ReportRequest& request, const RunResult& run) {
  std::optional<std::string> problem;
  request.format->write_files(
      run, request.options,
      [&](const std::string& name, const std::function<void(std::ostream&)>& write) {
        if (!problem)
          problem = replace_file((std::filesystem::path(request.path) / name).string(), write);
      });
  return problem;
}

std::optional<std::string> write_itself(const ReportRequest& request, const RunResult& run,
                                        std::ostream& standard_output) {
  if (request.format->is_directory()) return write_directory(request, run);
  if (!request.path.empty()) {
    return replace_file(
        request.path, [&](std::ostream& out) { request.format->write(run, request.options, out); });
  }
  request.format->write(run, request.options, standard_output);
  standard_output.flush();
  if (!standard_output) return "cannot write the report to standard output";
  return std::nullopt;
}

}  // namespace

std::variant<ReportRequest, std::string> parse_report_request(std::string_view text) {
  const auto equals = text.find('=');
  const bool has_path = equals != std::string_view::npos;
  const auto head = text.substr(0, equals);
  const auto colon = head.find(':');
  const bool has_variant = colon != std::string_view::npos;

  const auto* format = find_report_format(head.substr(0, colon));
  if (format == nullptr) return unknown_format(head.substr(0, colon));
  ReportRequest request{.format = format, .options = {}, .path = {}, .append_to = {}};
  request.options.root = root_of(*format);
  if (has_variant) {
    const auto wrong = read_words(head.substr(colon + 1), *format, request.options);
    if (wrong) return unknown_variant(*format, *wrong);
  }
  const auto& variant = request.options.variant;
  if (variant.empty() || variant == format->variants.front())
    request.append_to = environment(format->companion.variable);
  if (has_path) {
    request.path = text.substr(equals + 1);
    if (request.path.empty()) return fmt::format("'{}' names no file after '='", text);
  }
  if (format->is_directory() && !has_path)
    return fmt::format("'{}' is a directory, which needs a name ({}=DIR)", format->name, text);
  return request;
}

void attach_files(std::vector<ReportRequest>& requests, const RunResult& run) {
  std::vector<std::vector<std::string>> files;
  for (const auto& request : requests) {
    if (request.format->names == nullptr) continue;
    files.resize(run.results.size());
    const auto names = request.format->names(run);
    for (std::size_t at = 0; at < files.size(); ++at)
      if (!names[at].empty()) files[at].push_back(request.path + "/" + names[at]);
  }
  for (auto& request : requests)
    if (request.format->has_attachments) request.options.attachments = files;
}

std::optional<std::string> write_report(const ReportRequest& request, const RunResult& run,
                                        std::ostream& standard_output) {
  auto problem = write_itself(request, run, standard_output);
  if (request.append_to.empty() || problem) return problem;
  return append_to_file(request.append_to, [&](std::ostream& out) {
    request.format->companion.write(run, request.options, out);
  });
}

}  // namespace dialtone
