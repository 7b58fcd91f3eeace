#include "reports/file_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dialtone {
namespace {

constexpr std::size_t kStemLimit = 100;

bool is_plain(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' || octet == '.';
}

/// Runs of other octets become one '_'.
std::string stem(std::string_view text) {
  std::string plain;
  for (const char octet : text) {
    if (plain.size() == kStemLimit) break;
    if (is_plain(octet)) {
      plain += octet;
    } else if (!plain.ends_with('_')) {
      plain += '_';
    }
  }
  while (plain.ends_with('_')) plain.pop_back();
  // "." is hidden, and a program would take "-" for an option.
  if (plain.empty() || plain.front() == '.' || plain.front() == '-') plain.insert(0, 1, '_');
  return plain;
}

std::string lower_case(std::string name) {
  for (char& octet : name)
    if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
  return name;
}

}  // namespace

std::string FileNames::make(std::string_view text, std::string_view extension) {
  const auto base = stem(text);
  auto name = fmt::format("{}{}", base, extension);
  auto& last = last_[lower_case(name)];
  for (last = std::max(last, 1); !taken_.insert(lower_case(name)).second;)
    name = fmt::format("{}~{}{}", base, ++last, extension);
  return name;
}

}  // namespace dialtone
