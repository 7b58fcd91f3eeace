#include "reports/hostile_run.hpp"

#include <utility>

#include "reports/sample_run.hpp"

namespace dialtone {

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
