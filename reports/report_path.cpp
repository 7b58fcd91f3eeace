#include "reports/report_path.hpp"

#include <filesystem>
#include <system_error>

namespace dialtone {
namespace fs = std::filesystem;

std::string report_path(std::string_view file, std::string_view root) {
  if (file.empty()) return {};
  const auto path = fs::path(file).lexically_normal();
  if (!path.is_absolute() && root.empty()) return path.generic_string();
  std::error_code error;
  const auto here = fs::current_path(error);
  const auto base = root.empty() ? here : fs::path(root).lexically_normal();
  const auto relative = (here / path).lexically_normal().lexically_relative(base);
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return (is_below ? relative : path).generic_string();
}

std::vector<std::string> attachment_paths(const ReportOptions& options, std::size_t index) {
  if (index >= options.attachments.size()) return {};
  auto paths = options.attachments[index];
  for (auto& path : paths) {
    path = options.absolute_attachments ? fs::absolute(path).lexically_normal().generic_string()
                                        : report_path(path, options.root);
  }
  return paths;
}

}  // namespace dialtone
