#include "reports/console_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kEvents = 40;
constexpr std::size_t kOctets = 16;        // of a payload: its hex and text fit into 100 columns
constexpr std::size_t kOutputTail = 1000;  // octets of a program's output

/// The end of what a program wrote, where the reason stands, in lines of their own.
Lines output_tail(std::string_view program, std::string_view stream, const Bytes& octets) {
  if (octets.empty()) return {};
  const auto skipped = octets.size() - std::min(octets.size(), kOutputTail);
  const auto note = skipped == 0 ? "" : fmt::format(" (the last {} octets)", kOutputTail);
  Lines lines{{printable(fmt::format("{} wrote on its {}{}:", program, stream, note))}};
  auto text = printable(ByteView(octets).substr(skipped), {.keep_lines = true});
  if (text.ends_with('\n')) text.pop_back();
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back({"  " + text.substr(begin, end - begin)});
    begin = end + 1;
  }
  return lines;
}

}  // namespace

Lines variant_block(const ScenarioResult& result) {
  Lines lines;
  if (!result.variants) return lines;
  for (const auto& note : notes_of(*result.variants))
    lines.push_back({printable(note), Line::Tone::kFaint});
  return lines;
}

Lines conversation_block(const ScenarioResult& result) {
  if (result.transcript.empty()) return {};
  const ConversationOptions options{
      .encoding = result.scenario->encoding, .events = kEvents, .octets = kOctets};
  Lines lines{{"conversation"}};
  append(lines, render_conversation(result.transcript, options), 2);
  return lines;
}

Lines problem_block(const ScenarioResult& result, const RunResult& run, int width) {
  // A third of the octets that fit into a line stand before the difference.
  const auto columns = static_cast<std::size_t>(std::clamp(width, 60, 160)) - 40;
  const DifferenceStyle style{.mark = DifferenceStyle::Mark::kCarets,
                              .before = columns / 9,
                              .after = columns / 3 - columns / 9};
  Lines lines;
  const auto name = result.repetitions > 1 ? display_name(result) + " " : std::string();
  lines.push_back({printable(name) + headline(result), Line::Tone::kMark});
  append(lines, render_evidence(result, style));
  append(lines, variant_block(result));
  append(lines, conversation_block(result));
  for (const auto& output : result.outputs) {
    append(lines, output_tail(output.program, "standard output", output.standard_output));
    append(lines, output_tail(output.program, "standard error", output.standard_error));
    if (!output.ended.empty())
      lines.push_back({printable(fmt::format("{} ended: {}", output.program, output.ended))});
  }
  if (!run.rerun.empty())
    lines.push_back({"run it again: " + printable(rerun_command(run, result))});
  return lines;
}

}  // namespace dialtone
