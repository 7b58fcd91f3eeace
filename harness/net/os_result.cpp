#include "harness/net/os_result.hpp"

#include <fmt/format.h>

#include <system_error>

namespace dialtone {

OsError os_error(std::string_view what, int code) {
  return {code, fmt::format("{}: {}", what, std::generic_category().message(code))};
}

}  // namespace dialtone
