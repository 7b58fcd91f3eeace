#include "reports/recorded_times.hpp"

#include <istream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "harness/model/json_source.hpp"
#include "harness/model/under_way.hpp"
#include "reports/json.hpp"
#include "reports/log_fields.hpp"
#include "reports/log_reader.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kLogBegin = R"({"format":"dialtone-log")";

class Averages {
 public:
  void add(const std::string& name, Duration took) {
    auto& sum = sums_[name];
    sum.first += took;
    ++sum.second;
  }
  ScenarioTimes times() const {
    ScenarioTimes times;
    for (const auto& [name, sum] : sums_) times.emplace(name, sum.first / sum.second);
    return times;
  }

 private:
  std::map<std::string, std::pair<Duration, int>> sums_;
};

ScenarioTimes times_of(const RunResult& run) {
  Averages averages;
  for (const auto& result : run.results) {
    if (result.problem.type != kUnderWay)
      averages.add(scenario_name(*result.suite, *result.scenario), result.took);
  }
  return averages.times();
}

/// nullopt: the text is no report `json`.
std::optional<ScenarioTimes> times_of_json(const std::string& file, const std::string& text) {
  Diagnostics diagnostics;
  const auto document = parse_json(file, text, diagnostics);
  if (!document || !diagnostics.empty() || document->kind != JsonNode::Kind::kObject)
    return std::nullopt;
  const Fields fields(*document, {file, 1});
  if (!fields.has("format") || fields.text("format") != kJsonFormat) return std::nullopt;
  Averages averages;
  for (const auto& result : fields.objects("results"))
    averages.add(result.text("suite") + "/" + result.text("id"), result.duration("took_ns"));
  return averages.times();
}

}  // namespace

std::variant<ScenarioTimes, Diagnostic> read_times(const std::string& file, std::istream& in) {
  const std::string text(std::istreambuf_iterator<char>(in), {});
  try {
    if (auto times = times_of_json(file, text)) return *std::move(times);
  } catch (const BadLog& bad) {
    return bad.diagnostic();
  }
  if (!text.starts_with(kLogBegin))
    return Diagnostic{{file, 1, 1},
                      "this is neither the event log nor the report json of a run",
                      "'dialtone run --report ndjson=FILE' writes the one, json=FILE the other"};
  std::istringstream again(text);
  auto read = read_log(file, again);
  if (auto* mistake = std::get_if<Diagnostic>(&read)) return std::move(*mistake);
  return times_of(std::get<ReadLog>(read).run);
}

}  // namespace dialtone
