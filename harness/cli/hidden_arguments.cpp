#include "harness/cli/hidden_arguments.hpp"

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace dialtone {
namespace {

constexpr std::string_view kOption = "--secret";

/// What follows the '=' of "NAME=value".
void hide_value(char* pair) {
  char* equals = std::strchr(pair, '=');
  if (equals != nullptr) std::memset(equals + 1, '*', std::strlen(equals + 1));
}

}  // namespace

std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int at = 1; at < argc; ++at) {
    arguments.emplace_back(argv[at]);
    const std::string_view written = arguments.back();
    const bool holds_value =
        written.starts_with(kOption) && written.substr(kOption.size()).starts_with('=');
    if (holds_value) hide_value(argv[at] + kOption.size() + 1);
    const bool is_value = arguments.size() > 1 && arguments[arguments.size() - 2] == kOption;
    if (is_value) hide_value(argv[at]);
  }
  return arguments;
}

std::string without_values(std::string message, const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos || equals + 1 == argument.size()) continue;
    const auto kept = argument.substr(0, equals + 1) + "...";
    for (auto at = message.find(argument); at != std::string::npos;
         at = message.find(argument, at + kept.size()))
      message.replace(at, argument.size(), kept);
  }
  return message;
}

bool take_variable(const std::string& name, std::string& value) {
  char* found = std::getenv(name.c_str());
  if (found == nullptr) return false;
  value = found;
  std::memset(found, '*', std::strlen(found));
  return ::unsetenv(name.c_str()) == 0;
}

}  // namespace dialtone
