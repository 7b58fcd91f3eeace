#include "reports/log_values.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace dialtone {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

/// The one of `all` whose name_of() is asked for.
template <std::size_t Count, typename Value>
auto by_name(const std::array<Value, Count>& all) {
  return [all](std::string_view name) -> std::optional<Value> {
    const auto* found =
        std::ranges::find_if(all, [&](Value value) { return name_of(value) == name; });
    if (found == all.end()) return std::nullopt;
    return *found;
  };
}

constexpr std::array kEndings{Ending::kFin, Ending::kReset, Ending::kTimeout, Ending::kTruncated,
                              Ending::kTlsFailed};
constexpr std::array kHows{WeEnded::How::kShutdown, WeEnded::How::kClose, WeEnded::How::kReset};

WallTime wall_time(const Fields& fields, std::string_view key) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(fields.duration(key)));
}

SourceLocation read_place(const Fields& fields, const std::string& file) {
  return {fields.has("file") ? fields.text("file") : file, fields.number("line"),
          fields.number("column")};
}

int read_error(const Fields& fields) { return fields.number("error"); }

Carriage read_carriage(const Fields& fields) {
  Carriage over;
  over.tls = fields.has("tls") && fields.boolean("tls");
  if (fields.has("peer")) over.datagram = DatagramPath{fields.text("local"), fields.text("peer")};
  return over;
}

using ReadKind = EventKind (*)(const Fields& fields);
struct NamedKind {
  std::string_view name;
  ReadKind read;
};

// As KindWriter of log_json.cpp writes them. EveryKindComesBack in log_test.cpp holds the two
// together.
constexpr std::array kKinds{
    NamedKind{"connected",
              [](const Fields& f) -> EventKind {
                return Connected{f.text("local"), f.text("peer")};
              }},
    NamedKind{"connect_failed",
              [](const Fields& f) -> EventKind {
                return ConnectFailed{f.text("peer"), f.word("outcome", find_connect_outcome),
                                     read_error(f), f.text_or_empty("reason")};
              }},
    NamedKind{
        "listening",
        [](const Fields& f) -> EventKind {
          return Listening{f.text("local"), f.number("backlog", std::numeric_limits<int>::min())};
        }},
    NamedKind{"accepted",
              [](const Fields& f) -> EventKind {
                return Accepted{f.text("local"), f.text("peer")};
              }},
    NamedKind{"sent",
              [](const Fields& f) -> EventKind {
                return Sent{f.octets("octets"), read_carriage(f)};
              }},
    NamedKind{"received",
              [](const Fields& f) -> EventKind {
                return Received{f.octets("octets"), read_carriage(f)};
              }},
    NamedKind{"peer_ended",
              [](const Fields& f) -> EventKind {
                return PeerEnded{f.word("ending", by_name(kEndings)), read_error(f),
                                 f.boolean("after_fin")};
              }},
    NamedKind{"we_ended",
              [](const Fields& f) -> EventKind { return WeEnded{f.word("how", by_name(kHows))}; }},
    NamedKind{"deadline_passed",
              [](const Fields& f) -> EventKind {
                return DeadlinePassed{f.text("waiting_for"), f.duration("budget_ns")};
              }},
    NamedKind{
        "called",
        [](const Fields& f) -> EventKind {
          return Called{f.text("call"), f.integer("returned", kLowest, kHighest), read_error(f)};
        }},
    NamedKind{"noted", [](const Fields& f) -> EventKind { return Noted{f.text("text")}; }}};
static_assert(kKinds.size() == std::variant_size_v<EventKind>);

ReadKind find_kind(std::string_view name) {
  for (const auto& kind : kKinds) {
    if (kind.name == name) return kind.read;
  }
  return nullptr;
}

PlannedStep read_step(const Fields& fields, const std::string& file) {
  return {.spec = nullptr,
          .step = nullptr,
          .text = fields.text("text"),
          .where = read_place(fields.object("where"), file),
          .label = fields.text_or_empty("label")};
}

ByteComparison read_comparison(const Fields& fields) {
  ByteComparison bytes;
  bytes.expected = fields.octets("expected");
  bytes.actual = fields.octets("actual");
  const auto longest = std::max(bytes.expected.size(), bytes.actual.size());
  bytes.offset =
      static_cast<std::size_t>(fields.integer("offset", 0, static_cast<std::int64_t>(longest)));
  bytes.encoding = fields.word("encoding", find_encoding);
  return bytes;
}

Problem read_problem(const Fields& fields) {
  Problem problem;
  problem.type = fields.text_or_empty("type");
  problem.message = fields.text_or_empty("message");
  problem.expected = fields.text_or_empty("expected");
  problem.actual = fields.text_or_empty("actual");
  problem.step = fields.text_or_empty("step");
  if (fields.has("bytes")) problem.bytes = read_comparison(fields.object("bytes"));
  return problem;
}

VariantSummary read_variants(const Fields& fields) {
  const auto count = [&](std::string_view key) {
    return static_cast<std::size_t>(fields.integer(key, 0, kHighest));
  };
  VariantSummary variants;
  variants.run = count("run");
  variants.unshown = count("unshown");
  variants.cuts = count("cuts");
  variants.possible_cuts = count("possible_cuts");
  variants.seed = count("seed");
  variants.none = fields.texts("none");
  variants.differs = fields.text_or_empty("differs");
  return variants;
}

RunShard read_shard(const Fields& fields) {
  RunShard run;
  run.shard.total = static_cast<int>(fields.integer("total", 1, kMostShards));
  run.shard.index = static_cast<int>(fields.integer("index", 1, run.shard.total));
  run.method = fields.word("by", by_name(kShardMethods));
  run.whole = static_cast<std::size_t>(fields.number("whole"));
  for (const auto place : fields.ascending("places", 1, static_cast<std::int64_t>(run.whole)))
    run.places.push_back(static_cast<std::size_t>(place) - 1);
  run.suites = fields.text("suites");
  run.options = fields.text("options");
  return run;
}

PartialRun read_partial(const Fields& fields) {
  PartialRun partial;
  partial.total = static_cast<int>(fields.integer("total", 1, kMostShards));
  for (const auto index : fields.ascending("missing", 1, partial.total))
    partial.missing.push_back(static_cast<int>(index));
  return partial;
}

}  // namespace

RunResult read_head(const Fields& fields) {
  RunResult run;
  run.target = fields.text("target");
  run.host = fields.text("host");
  run.rerun = fields.text("rerun");
  run.strict = fields.boolean("strict");
  run.started = wall_time(fields, "started_ns");
  if (fields.has("shard")) run.shard = read_shard(fields.object("shard"));
  if (fields.has("partial")) run.partial = read_partial(fields.object("partial"));
  return run;
}

Suite read_suite(const Fields& fields) {
  return {.name = fields.text("name"),
          .title = fields.text("title"),
          .file = fields.text("file"),
          .scenarios = {}};
}

Scenario read_definition(const Fields& fields, const std::string& file) {
  Scenario scenario;
  scenario.id = fields.text("id");
  scenario.title = fields.text("title");
  scenario.level = fields.word("level", find_level);
  scenario.source = fields.text("source");
  scenario.encoding = fields.word("encoding", find_encoding);
  scenario.note = fields.text_or_empty("note");
  scenario.means = fields.text_or_empty("means");
  scenario.no_fault = fields.text_or_empty("no_fault");
  scenario.excluded = fields.text_or_empty("excluded");
  scenario.tags = fields.texts("tags");
  for (auto& capability : fields.texts("needs")) scenario.needs.insert(std::move(capability));
  scenario.where = read_place(fields.object("where"), file);
  for (const auto& step : fields.objects("steps")) scenario.steps.push_back(read_step(step, file));
  scenario.outline = fields.texts("outline");
  return scenario;
}

Event read_event(const Fields& fields) {
  const auto read = find_kind(fields.text("kind"));
  if (read == nullptr) fields.refuse("kind", "there is no such kind of event");
  return {fields.duration("at_ns"), fields.number("step"), fields.text("connection"), read(fields)};
}

ScenarioResult read_result(const Fields& fields, const std::string& file) {
  ScenarioResult result;
  result.repetition = fields.number("repetition", 1);
  result.repetitions = fields.number("repetitions", 1);
  result.verdict = fields.word("verdict", by_name(kVerdicts));
  result.known_reason = fields.text_or_empty("known_reason");
  result.problem = read_problem(fields.object("problem"));
  result.failed_step = fields.number("failed_step", -1);
  result.where = read_place(fields.object("where"), file);
  result.started = wall_time(fields, "started_ns");
  result.took = fields.duration("took_ns");
  result.stalled_runs = fields.number("stalled_runs");
  if (fields.has("variants")) result.variants = read_variants(fields.object("variants"));
  for (const auto& output : fields.objects("outputs"))
    result.outputs.push_back({output.text("program"), output.octets("standard_output"),
                              output.octets("standard_error"), output.text_or_empty("ended")});
  return result;
}

}  // namespace dialtone
