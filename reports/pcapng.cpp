#include "reports/pcapng.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/printable.hpp"
#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/cap.hpp"
#include "reports/evidence.hpp"
#include "reports/file_name.hpp"
#include "reports/pcapng_blocks.hpp"
#include "reports/synthetic_capture.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kExtension = ".pcapng";
constexpr std::size_t kCommentLimit = 2000;  // octets

constexpr std::string_view kSynthetic =
    "Synthetic: Dialtone made these packets from a scenario's transcript; none was captured. The "
    "addresses, ports, octets, their order and the times are the transcript's. Made up are "
    "sequence numbers, acknowledgements, windows, where the octets are cut into segments, and the "
    "three packets of a handshake at the time that it was over. Not shown are retransmissions, "
    "packets that only acknowledge, ICMP, and what the harness closes when a scenario is over.";

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

std::string capped(std::string_view text) { return cap_end(printable(text), kCommentLimit); }

pcapng::Section section_of(const RunResult& run, const ScenarioResult& result,
                           const std::vector<std::string>& notes) {
  const auto& scenario = *result.scenario;
  pcapng::Section section{.comments = {std::string(kSynthetic)},
                          .application = "Dialtone " DIALTONE_VERSION};
  section.comments.push_back(
      capped(fmt::format("{} {}: {}", result.suite->name, display_name(result), scenario.title)));
  auto verdict = fmt::format("verdict: {}", name_of(result.verdict));
  if (result.verdict != Verdict::kPass) verdict += ": " + headline(result);
  section.comments.push_back(capped(verdict));
  section.comments.push_back(capped("target: " + run.target));
  for (const auto& note : notes) section.comments.push_back(note);
  return section;
}

void write_capture(const RunResult& run, const ScenarioResult& result, std::ostream& out) {
  const auto capture = pcapng::synthesize(result);
  write_section(out, section_of(run, result, capture.notes));
  write_interface(
      out, pcapng::Interface{.name = "dialtone",
                             .description = "synthetic: made from a transcript, not captured"});
  const auto began = nanoseconds(result.started.time_since_epoch());
  for (const auto& packet : capture.packets) {
    write_packet(out, pcapng::PacketBlock{.at_ns = began + nanoseconds(packet.at),
                                          .inbound = packet.inbound,
                                          .octets = packet.octets,
                                          .comments = packet.comments});
  }
}

/// Of each result's file; empty where it was skipped, or nothing had begun.
std::vector<std::string> names_of_captures(const RunResult& run) {
  FileNames names;
  std::vector<std::string> all;
  for (const auto& result : run.results) {
    auto name =
        names.make(fmt::format("{}_{}", result.suite->name, display_name(result)), kExtension);
    all.push_back(result.transcript.empty() ? std::string() : std::move(name));
  }
  return all;
}

void write_captures(const RunResult& run, const ReportOptions&, const AddFile& add) {
  const auto names = names_of_captures(run);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    add(names[i], [&](std::ostream& out) { write_capture(run, run.results[i], out); });
  }
}

}  // namespace

const ReportFormat kPcapngReport{
    .name = "pcapng",
    .summary = "a directory with a capture of each scenario, made of its transcript, for Wireshark",
    .variants = {},
    .write_files = write_captures,
    .wants_all = true,
    .names = names_of_captures};

}  // namespace dialtone
