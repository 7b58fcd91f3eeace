#include "reports/junit_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/conversation.hpp"

namespace dialtone::junit {
namespace {

constexpr std::size_t kProgramLimit = 30'000;  // octets of one program's output
constexpr std::string_view kAttachment = "[[ATTACHMENT|";
constexpr std::string_view kInert = "[\\x5bATTACHMENT|";

std::string heading(std::string_view program, std::string_view stream, std::string_view rest) {
  return printable(fmt::format("--- {}: {}{}", program, stream, rest)) + "\n";
}

/// A line with which Jenkins, GitLab and Azure find a file that goes with the case.
std::string attachment_line(std::string_view path) {
  return fmt::format("{}{}]]\n", kAttachment, printable(path));
}

}  // namespace

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

std::string timestamp(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string type_of(const Problem& problem) {
  // Only \w: some readers take a bare word such as "yaml" for a type of their own.
  std::string word;
  for (const char c : problem.type) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') || c == '_') word += c;
  }
  return "dialtone." + (word.empty() ? std::string("Problem") : word);
}

std::string system_out(const ScenarioResult& result, const std::vector<std::string>& attachments) {
  const ConversationOptions options{.encoding = result.scenario->encoding};
  auto text = plain_text(render_conversation(result.transcript, options));
  for (const auto& output : result.outputs) {
    const auto ended = output.ended.empty() ? "" : ", " + output.ended;
    if (output.standard_output.empty() && ended.empty()) continue;
    text += heading(output.program, "standard output", ended);
    text += printable_lines(output.standard_output, kProgramLimit);
    if (!text.ends_with('\n')) text += '\n';
  }
  std::string files;
  for (const auto& path : attachments) files += attachment_line(path);
  return capped(std::move(text), kOutputLimit - std::min(files.size(), kOutputLimit / 2)) + files;
}

std::string system_err(const ScenarioResult& result) {
  std::string text;
  for (const auto& output : result.outputs) {
    if (output.standard_error.empty()) continue;
    text += heading(output.program, "standard error", "");
    text += printable_lines(output.standard_error, kProgramLimit);
    if (!text.ends_with('\n')) text += '\n';
  }
  return capped(std::move(text), kOutputLimit);
}

std::string capped(std::string text, std::size_t limit) {
  for (auto at = text.find(kAttachment); at != std::string::npos;
       at = text.find(kAttachment, at + kInert.size()))
    text.replace(at, kAttachment.size(), kInert);
  return cap_middle(text, limit);
}

}  // namespace dialtone::junit
