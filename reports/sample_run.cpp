#include "reports/sample_run.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace dialtone {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Bytes kHello = "\xc4\xe3\xba\xc3\xb0\xa1";                     // GBK: 你好啊
const Bytes kWell = "\xce\xd2\xba\xdc\xba\xc3\x2c\xc4\xe3\xc4\xd8";  // GBK: 我很好,你呢
const Bytes kWrong = "\xce\xd2\xba\xdd\xba\xc3\x2c\xc4\xe3\xc4\xd8";

WallTime fixed_time() {
  using namespace std::chrono;
  return sys_days(2026y / November / 22d) + hours(13) + minutes(55) + 7s;
}

Scenario scenario(std::string id, std::string title, std::string source, int line) {
  Scenario made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.source = std::move(source);
  made.encoding = Encoding::kGbk;
  made.where = {"scenarios/article/samples.json", line, 5};
  return made;
}

void add_step(Scenario& scenario, std::string text, int line) {
  scenario.steps.push_back({.spec = nullptr,
                            .step = nullptr,
                            .text = std::move(text),
                            .where = {scenario.where.file, line, 9}});
}

std::shared_ptr<Suite> samples_suite() {
  auto suite = std::make_shared<Suite>();
  suite->name = "article.samples";
  suite->title = "The sample conversations";
  suite->file = "./scenarios/article/samples.json";
  auto& one = suite->scenarios.emplace_back(
      scenario("ART-09", "the first sample gets its reply", "article, section 2", 10));
  add_step(one, R"({"connect": "c"})", 16);
  add_step(one, R"({"send": "你好啊"})", 17);
  add_step(one, R"({"expect": "我很好,你呢"})", 18);
  suite->scenarios.push_back(
      scenario("ART-10", "the second sample gets its reply", "article, section 2", 22));
  auto& third = suite->scenarios.emplace_back(
      scenario("ART-11", "a reply comes soon", "article, note 3", 34));
  third.level = Level::kShould;
  add_step(third, R"({"expect": {"until": "!"}, "within": "200ms"})", 40);
  auto& fourth =
      suite->scenarios.emplace_back(scenario("ART-12", "a large reply comes whole", "", 46));
  add_step(fourth, R"({"send": "你好啊"})", 52);
  add_step(fourth, R"({"expect": {"length": 9}})", 53);
  fourth.steps.back().label = "2.17.1";
  return suite;
}

std::shared_ptr<Suite> listener_suite() {
  auto suite = std::make_shared<Suite>();
  suite->name = "article.listener";
  suite->title = "The listening socket";
  suite->file = "scenarios/article/listener.json";
  suite->scenarios.push_back(
      scenario("ART-36", "closing the listener keeps the accepted clients", "", 12));
  suite->scenarios.push_back(
      scenario("ART-37", "a client that resets does no harm", "article, note 7", 30));
  for (auto& made : suite->scenarios) made.where.file = suite->file;
  return suite;
}

ScenarioResult mismatch(const std::shared_ptr<const Suite>& suite) {
  auto result = make_result(suite, 0, Verdict::kFail);
  result.problem = {.type = "ExpectMismatch",
                    .message = "octets differ at offset 3",
                    .expected = {},
                    .actual = {},
                    .bytes = ByteComparison{kWell, kWrong, 3, Encoding::kGbk}};
  result.failed_step = 2;
  result.where = suite->scenarios[0].steps[2].where;
  result.transcript = {{microseconds(310), 0, "c", Connected{"127.0.0.1:40000", "127.0.0.1:9000"}},
                       {microseconds(355), 1, "c", Sent{kHello}},
                       {microseconds(620), 2, "c", Received{kWrong.substr(0, 5)}},
                       {microseconds(671), 2, "c", Received{kWrong.substr(5)}},
                       {microseconds(702), 2, "c", PeerEnded{Ending::kFin}}};
  result.outputs = {{.program = "target",
                     .standard_output = "listening on 9000\nclient \x1b[31m127.0.0.1\x1b[0m\n",
                     .standard_error = "warning: <odd> & \"quoted\" ]]> \xff\n",
                     .ended = "exit code 0"}};
  result.took = microseconds(2010);
  return result;
}

ScenarioResult too_slow(const std::shared_ptr<const Suite>& suite) {
  auto result = make_result(suite, 2, Verdict::kWarn);
  result.problem = {.type = "Timeout",
                    .message = "no '!' within 200ms",
                    .expected = "a reply that ends in '!'",
                    .actual = "6 octets and then silence",
                    .bytes = std::nullopt};
  result.failed_step = 0;
  result.where = suite->scenarios[2].steps[0].where;
  result.transcript = {{microseconds(400), 0, "slow", Received{kHello}},
                       {milliseconds(200), 0, "slow", DeadlinePassed{"'!'", milliseconds(200)}},
                       {microseconds(200'040), 0, "", Noted{"process 4711 was stopped"}}};
  result.took = microseconds(200'100);
  return result;
}

ScenarioResult known_failure(const std::shared_ptr<const Suite>& suite) {
  auto result = make_result(suite, 3, Verdict::kKnown);
  result.known_reason = "ticket 431: a large reply is <cut>\x1b[2J";
  result.problem = {.type = "Timeout",
                    .message = "expected 9 octets, but nothing came within 200 ms",
                    .expected = "9 octets",
                    .actual = "nothing came within 200 ms",
                    .bytes = std::nullopt};
  result.failed_step = 1;
  result.where = suite->scenarios[3].steps[1].where;
  result.transcript = {{microseconds(400), 0, "c", Sent{kHello}}};
  result.took = microseconds(201'000);
  return result;
}

ScenarioResult no_judgement(const std::shared_ptr<const Suite>& suite) {
  auto result = make_result(suite, 1, Verdict::kError);
  result.problem = {.type = "HarnessStalled",
                    .message = "the harness itself was late by 3.10 s",
                    .expected = {},
                    .actual = {},
                    .bytes = std::nullopt};
  result.where = suite->scenarios[1].where;
  result.transcript = {{microseconds(300), 0, "a",
                        ConnectFailed{"127.0.0.1:9000", ConnectOutcome::kRefused, ECONNREFUSED}},
                       {microseconds(420), 0, "longer", WeEnded{WeEnded::How::kReset}},
                       {microseconds(460), 0, "longer", PeerEnded{Ending::kReset}}};
  result.took = seconds(3);
  return result;
}

}  // namespace

std::shared_ptr<Suite> make_suite(std::size_t count, std::string file) {
  auto suite = std::make_shared<Suite>();
  suite->name = "article.samples";
  suite->file = std::move(file);
  for (std::size_t number = 1; number <= count; ++number) {
    auto& made = suite->scenarios.emplace_back();
    made.id = fmt::format("S-{}", number);
    made.title = "a sample conversation ends as it should";
    made.where = {suite->file, static_cast<int>(number), 5};
  }
  return suite;
}

ScenarioResult make_result(const std::shared_ptr<const Suite>& suite, std::size_t index,
                           Verdict verdict) {
  ScenarioResult result;
  result.suite = suite;
  result.scenario = &suite->scenarios.at(index);
  result.verdict = verdict;
  result.where = result.scenario->where;
  result.started = fixed_time();
  result.took = milliseconds(1);
  return result;
}

RunResult make_run() {
  RunResult run;
  run.target = "my server";
  run.host = "ci-7";
  run.rerun = "dialtone run --target my-server.json";
  run.started = fixed_time();
  run.took = milliseconds(420);
  return run;
}

RunResult sample_run() {
  auto run = make_run();
  const auto samples = samples_suite();
  const auto listener = listener_suite();
  run.results.push_back(mismatch(samples));
  run.results.push_back(make_result(samples, 1, Verdict::kPass));
  run.results.push_back(too_slow(samples));
  run.results.push_back(known_failure(samples));
  auto skipped = make_result(listener, 0, Verdict::kSkip);
  skipped.problem.message = "target does not provide 'control.close_listener'";
  skipped.took = {};
  run.results.push_back(std::move(skipped));
  run.results.push_back(no_judgement(listener));
  return run;
}

RunResult retried_run() {
  auto run = make_run();
  const auto samples = samples_suite();
  const auto listener = listener_suite();
  const auto failed = mismatch(samples);
  const auto erred = no_judgement(samples);
  auto& flaky = run.results.emplace_back(make_result(samples, 0, Verdict::kPass));
  flaky.attempts = {failed, erred};
  auto& error = run.results.emplace_back(erred);
  error.attempts = {erred, failed};
  run.results.push_back(make_result(samples, 2, Verdict::kPass));
  auto& last = run.results.emplace_back(failed);
  last.suite = listener;
  last.scenario = &listener->scenarios[0];
  last.attempts = {failed, erred};
  for (auto& result : run.results) {
    for (auto& attempt : result.attempts) {
      attempt.suite = result.suite;
      attempt.scenario = result.scenario;
    }
  }
  return run;
}

RunResult long_run(std::size_t count) {
  auto run = make_run();
  const auto suite = make_suite(count);
  const auto sample = mismatch(samples_suite());
  run.results.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    auto& result = run.results.emplace_back(make_result(suite, index, Verdict::kPass));
    if (index % 100 != 0) continue;
    result.verdict = Verdict::kFail;
    result.problem = sample.problem;
    result.transcript = sample.transcript;
    result.outputs = {{"target", Bytes(20'000, 'x'), Bytes(20'000, 'y'), ""}};
  }
  return run;
}

}  // namespace dialtone
