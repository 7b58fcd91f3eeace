#include "reports/log_json.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "harness/model/utf8.hpp"
#include "reports/ci_commands.hpp"

namespace dialtone {
namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    if (!character) return false;
    at += character->length;
  }
  return true;
}

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

void put(LogJson& json, const char* key, std::string_view text) {
  if (!text.empty()) json[key] = text_json(text);
}

LogJson texts_json(const auto& texts) {
  auto list = LogJson::array();
  for (const auto& text : texts) list.push_back(text_json(text));
  return list;
}

void put_all(LogJson& json, const char* key, const auto& texts) {
  if (!texts.empty()) json[key] = texts_json(texts);
}

LogJson place_json(const SourceLocation& where, const Suite& suite) {
  LogJson json = LogJson::object();
  if (where.file != suite.file) json["file"] = text_json(where.file);
  json["line"] = where.line;
  json["column"] = where.column;
  return json;
}

void put_carriage(LogJson& json, const Carriage& over) {
  if (over.tls) json["tls"] = true;
  if (!over.datagram) return;
  json["local"] = text_json(over.datagram->local);
  json["peer"] = text_json(over.datagram->peer);
}

/// One overload a kind and no catch-all: a new kind does not compile until it is placed here.
struct KindWriter {
  LogJson& json;

  void operator()(const Connected& event) const {
    json["kind"] = "connected";
    json["local"] = text_json(event.local);
    json["peer"] = text_json(event.peer);
  }
  void operator()(const ConnectFailed& event) const {
    json["kind"] = "connect_failed";
    json["peer"] = text_json(event.peer);
    json["outcome"] = name_of(event.outcome);
    json["error"] = event.error;
    put(json, "reason", event.reason);
  }
  void operator()(const Listening& event) const {
    json["kind"] = "listening";
    json["local"] = text_json(event.local);
    json["backlog"] = event.backlog;
  }
  void operator()(const Accepted& event) const {
    json["kind"] = "accepted";
    json["local"] = text_json(event.local);
    json["peer"] = text_json(event.peer);
  }
  void operator()(const Sent& event) const {
    json["kind"] = "sent";
    json["octets"] = octets_json(event.bytes);
    put_carriage(json, event.over);
  }
  void operator()(const Received& event) const {
    json["kind"] = "received";
    json["octets"] = octets_json(event.bytes);
    put_carriage(json, event.over);
  }
  void operator()(const PeerEnded& event) const {
    json["kind"] = "peer_ended";
    json["ending"] = name_of(event.ending);
    json["error"] = event.error;
    json["after_fin"] = event.after_fin;
  }
  void operator()(const WeEnded& event) const {
    json["kind"] = "we_ended";
    json["how"] = name_of(event.how);
  }
  void operator()(const DeadlinePassed& event) const {
    json["kind"] = "deadline_passed";
    json["waiting_for"] = text_json(event.waiting_for);
    json["budget_ns"] = nanoseconds(event.budget);
  }
  void operator()(const Called& event) const {
    json["kind"] = "called";
    json["call"] = text_json(event.call);
    json["returned"] = event.returned;
    json["error"] = event.error;
  }
  void operator()(const Noted& event) const {
    json["kind"] = "noted";
    json["text"] = text_json(event.text);
  }
};

LogJson problem_json(const Problem& problem) {
  LogJson json = LogJson::object();
  put(json, "type", problem.type);
  put(json, "message", problem.message);
  put(json, "expected", problem.expected);
  put(json, "actual", problem.actual);
  put(json, "step", problem.step);
  if (!problem.bytes) return json;
  json["bytes"] = {{"expected", octets_json(problem.bytes->expected)},
                   {"actual", octets_json(problem.bytes->actual)},
                   {"offset", problem.bytes->offset},
                   {"encoding", name_of(problem.bytes->encoding)}};
  return json;
}

LogJson output_json(const ProgramOutput& output) {
  LogJson json{{"program", text_json(output.program)},
               {"standard_output", octets_json(output.standard_output)},
               {"standard_error", octets_json(output.standard_error)}};
  put(json, "ended", output.ended);
  return json;
}

LogJson variants_json(const VariantSummary& variants) {
  LogJson json{{"run", variants.run},
               {"unshown", variants.unshown},
               {"cuts", variants.cuts},
               {"possible_cuts", variants.possible_cuts},
               {"seed", variants.seed}};
  put_all(json, "none", variants.none);
  put(json, "differs", variants.differs);
  return json;
}

LogJson step_json(const PlannedStep& step, const Suite& suite) {
  LogJson json{{"text", text_json(step.text)}};
  put(json, "label", step.label);
  json["where"] = place_json(step.where, suite);
  return json;
}

LogJson shard_json(const RunShard& run) {
  LogJson json{{"index", run.shard.index},        {"total", run.shard.total},
               {"by", name_of(run.method)},       {"whole", run.whole},
               {"suites", text_json(run.suites)}, {"options", text_json(run.options)}};
  json["places"] = LogJson::array();
  for (const auto place : run.places) json["places"].push_back(place + 1);
  return json;
}

}  // namespace

LogJson text_json(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  return LogJson{{"hex", octets_json(text)}};
}

LogJson octets_json(ByteView octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * octets.size());
  for (const char octet : octets) {
    hex += digits[static_cast<unsigned char>(octet) >> 4U];
    hex += digits[static_cast<unsigned char>(octet) & 0xfU];
  }
  return hex;
}

LogJson head_json(const RunResult& run) {
  LogJson json{
      {"dialtone", DIALTONE_VERSION}, {"target", text_json(run.target)},
      {"host", text_json(run.host)},  {"rerun", text_json(run.rerun)},
      {"strict", run.strict},         {"started_ns", nanoseconds(run.started.time_since_epoch())}};
  if (run.shard) json["shard"] = shard_json(*run.shard);
  if (run.partial)
    json["partial"] = {{"total", run.partial->total}, {"missing", run.partial->missing}};
  return json;
}

LogJson totals_json(const Totals& totals) {
  return {{"pass", totals.pass},   {"fail", totals.fail},   {"warn", totals.warn},
          {"error", totals.error}, {"known", totals.known}, {"skip", totals.skip},
          {"flaky", totals.flaky}};
}

LogJson suite_json(const Suite& suite) {
  return {{"name", text_json(suite.name)},
          {"title", text_json(suite.title)},
          {"file", text_json(suite.file)}};
}

LogJson definition_json(const Scenario& scenario, const Suite& suite, int suite_number) {
  LogJson json{{"suite", suite_number},
               {"id", text_json(scenario.id)},
               {"title", text_json(scenario.title)},
               {"level", name_of(scenario.level)},
               {"source", text_json(scenario.source)},
               {"encoding", name_of(scenario.encoding)}};
  put(json, "note", scenario.note);
  put(json, "means", scenario.means);
  put(json, "no_fault", scenario.no_fault);
  put(json, "excluded", scenario.excluded);
  put_all(json, "tags", scenario.tags);
  put_all(json, "needs", scenario.needs);
  json["where"] = place_json(scenario.where, suite);
  json["steps"] = LogJson::array();
  for (const auto& step : scenario.steps) json["steps"].push_back(step_json(step, suite));
  put_all(json, "outline", scenario.outline);
  return json;
}

LogJson event_json(const Event& event) {
  LogJson json{{"at_ns", nanoseconds(event.at)},
               {"step", event.step},
               {"connection", text_json(event.connection)}};
  std::visit(KindWriter{json}, event.kind);
  return json;
}

LogJson result_json(const ScenarioResult& result) {
  LogJson json{{"repetition", result.repetition},
               {"repetitions", result.repetitions},
               {"verdict", name_of(result.verdict)}};
  put(json, "known_reason", result.known_reason);
  json["problem"] = problem_json(result.problem);
  json["failed_step"] = result.failed_step;
  json["where"] = place_json(result.where, *result.suite);
  json["started_ns"] = nanoseconds(result.started.time_since_epoch());
  json["took_ns"] = nanoseconds(result.took);
  json["stalled_runs"] = result.stalled_runs;
  if (result.variants) json["variants"] = variants_json(*result.variants);
  json["outputs"] = LogJson::array();
  for (const auto& output : result.outputs) json["outputs"].push_back(output_json(output));
  return json;
}

std::string dump(const LogJson& json) {
  return without_ci_commands(json.dump(-1, ' ', /*ensure_ascii=*/true), kCiEscapesOfJson);
}

}  // namespace dialtone
