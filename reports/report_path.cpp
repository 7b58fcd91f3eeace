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

}  // namespace dialtone
