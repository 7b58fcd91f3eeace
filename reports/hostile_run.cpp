#include "reports/hostile_run.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "harness/model/scenario.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;

Scenario hostile_scenario(const std::string& text, int line) {
  Scenario made;
  made.id = "HOST-" + std::to_string(line) + text;
  made.title = text;
  made.source = text;
  made.note = text;
  made.means = text;
  made.encoding = Encoding::kUtf8;
  made.where = {"scenarios/" + text + ".json", line, 5};
  made.steps.push_back(
      {.spec = nullptr, .step = nullptr, .text = text, .where = made.where, .label = text});
  return made;
}

/// Every kind of event, every text in it hostile.
Transcript hostile_transcript(const std::string& text) {
  const EventKind kinds[] = {Connected{text, text},
                             ConnectFailed{text, ConnectOutcome::kTlsFailed, ECONNRESET, text},
                             Listening{text, 5},
                             Accepted{text, text},
                             Sent{text},
                             Received{text},
                             PeerEnded{Ending::kReset},
                             WeEnded{WeEnded::How::kShutdown},
                             DeadlinePassed{text, milliseconds(200)},
                             Called{text, -1, EAGAIN},
                             Noted{text}};
  Transcript transcript;
  for (const auto& kind : kinds) transcript.push_back({milliseconds(1), 0, text, kind});
  return transcript;
}

ScenarioResult hostile_result(const std::shared_ptr<Suite>& suite, std::size_t index,
                              const std::string& text) {
  auto result = make_result(suite, index, kVerdicts[index % kVerdicts.size()]);
  result.known_reason = text;
  result.problem = {
      .type = text, .message = text, .expected = text, .actual = text, .bytes = std::nullopt};
  if (index % 2 == 1) result.problem.bytes = ByteComparison{text, "a" + text, 0, Encoding::kUtf8};
  result.failed_step = 0;
  result.transcript = hostile_transcript(text);
  result.outputs = {{.program = text,
                     .standard_output = text + "\n",
                     .standard_error = text + "\n",
                     .ended = text}};
  result.variants = VariantSummary{.run = 1, .none = {text}, .differs = text};
  return result;
}

}  // namespace

RunResult hostile_run() {
  auto suite = std::make_shared<Suite>();
  suite->name = "hostile" + std::string(kHostile[0]);
  suite->title = std::string(kHostile[2]);
  suite->file = "scenarios/hostile.json";
  int line = 0;
  for (const auto text : kHostile)
    suite->scenarios.push_back(hostile_scenario(std::string(text), ++line));
  auto run = make_run();
  run.target = std::string(kHostile[0]) + std::string(kHostile[5]);
  run.host = std::string(kHostile[2]);
  run.rerun = std::string(kHostile[3]);
  for (std::size_t index = 0; index < kHostile.size(); ++index)
    run.results.push_back(hostile_result(suite, index, std::string(kHostile[index])));
  return run;
}

RunResult run_with(const Bytes& octets) {
  auto run = make_run();
  const auto suite = make_suite(1);
  suite->name = octets;
  suite->file = "scenarios/" + octets.substr(octets.find('\0') == 0 ? 1 : 0);
  suite->scenarios[0].title = octets;
  suite->scenarios[0].source = octets;
  suite->scenarios[0].steps.push_back(
      {.spec = nullptr, .step = nullptr, .text = octets, .where = {}});
  auto result = make_result(suite, 0, Verdict::kFail);
  result.failed_step = 0;
  result.problem = {.type = "Some" + octets,
                    .message = octets,
                    .expected = octets,
                    .actual = octets,
                    .bytes = ByteComparison{octets, "x" + octets, 0, Encoding::kUtf8}};
  result.transcript = {{{}, 0, octets, Received{octets}}, {{}, 0, octets, Noted{octets}}};
  result.outputs = {{octets, octets, octets, octets}};
  run.target = octets;
  run.host = octets;
  run.results.push_back(std::move(result));
  return run;
}

Bytes all_octets() {
  Bytes octets;
  for (int octet = 0; octet < 256; ++octet) octets.push_back(static_cast<char>(octet));
  return octets;
}

RunResult run_with_a_flood() {
  auto run = make_run();
  const auto suite = make_suite(1);
  auto result = make_result(suite, 0, Verdict::kFail);
  Bytes flood;
  flood.resize(12'000'000, '\x01');
  result.problem.message = flood;
  result.problem.expected = flood;
  for (int i = 0; i < 10; ++i) {
    result.transcript.push_back({{}, 0, "c", Received{flood}});
    result.outputs.push_back({"program", flood, flood, ""});
  }
  run.results.push_back(std::move(result));
  return run;
}

}  // namespace dialtone
