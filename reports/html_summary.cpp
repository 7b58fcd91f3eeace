#include "reports/html_summary.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>

#include "harness/model/duration.hpp"
#include "harness/model/scenario.hpp"
#include "reports/summary.hpp"

namespace dialtone::html {
namespace {

/// "2026-11-22 13:55:07 UTC".
std::string moment(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

int number_of(const Totals& totals, Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return totals.pass;
    case Verdict::kFail: return totals.fail;
    case Verdict::kWarn: return totals.warn;
    case Verdict::kError: return totals.error;
    case Verdict::kKnown: return totals.known;
    case Verdict::kSkip: return totals.skip;
  }
  return 0;
}

std::string_view meaning_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "The requirement holds.";
    case Verdict::kFail: return "The endpoint broke a MUST.";
    case Verdict::kWarn: return "The endpoint broke a SHOULD.";
    case Verdict::kError: return "No judgement was possible.";
    case Verdict::kKnown: return "It fails, and the profile knows and says why.";
    case Verdict::kSkip: return "Not checked: something that it needs was not provided.";
  }
  return "";
}

void fact(HtmlWriter& html, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  html.open("div");
  html.element("dt", name);
  html.element("dd", value);
  html.close();
}

void write_facts(HtmlWriter& html, const RunResult& run) {
  html.open("dl", {{"class", "facts"}});
  fact(html, "Target", run.target);
  fact(html, "Part of a run", shard_note(run));
  fact(html, "Host", run.host);
  fact(html, "Started", moment(run.started));
  fact(html, "Took", humanize(run.took));
  fact(html, "Dialtone", DIALTONE_VERSION);
  fact(html, "Warnings", run.strict ? "count as failures (--strict)" : "");
  fact(html, "Run again", run.rerun);
  html.close();
}

/// The shares of the verdicts as a bar. The table below it has the numbers.
void write_bar(HtmlWriter& html, const Totals& totals) {
  if (totals.all() == 0) return;
  html.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                    {"class", "bar"},
                    {"viewBox", fmt::format("0 0 {} 1", totals.all())},
                    {"width", "100%"},
                    {"height", "10"},
                    {"preserveAspectRatio", "none"},
                    {"aria-hidden", "true"},
                    {"fill", "currentColor"}});
  int at = 0;
  for (const auto verdict : kVerdicts) {
    const auto number = number_of(totals, verdict);
    if (number == 0) continue;
    html.element("rect", "",
                 {{"class", name_of(verdict)},
                  {"x", std::to_string(at)},
                  {"width", std::to_string(number)},
                  {"height", "1"}});
    at += number;
  }
  html.close();
}

void write_totals(HtmlWriter& html, const Totals& totals) {
  html.open("table", {{"class", "totals"}});
  html.element("caption", "Verdicts");
  html.open("thead");
  html.open("tr");
  for (const auto* title : {"Verdict", "Number", "What it means"})
    html.element("th", title, {{"scope", "col"}});
  html.close();
  html.close();
  html.open("tbody");
  for (const auto verdict : kVerdicts) {
    html.open("tr");
    html.open("th", {{"scope", "row"}});
    write_verdict(html, verdict);
    html.close();
    html.element("td", std::to_string(number_of(totals, verdict)), {{"class", "number"}});
    html.element("td", meaning_of(verdict));
    html.close();
  }
  html.close();
  html.close();
}

void write_suites(HtmlWriter& html, const std::vector<SuiteResults>& suites) {
  open_scroll(html, "Verdicts by suite");
  html.open("table", {{"class", "suites"}});
  html.element("caption", "By suite");
  html.open("thead");
  html.open("tr");
  html.element("th", "Suite", {{"scope", "col"}});
  for (const auto verdict : kVerdicts)
    html.element("th", name_of(verdict), {{"scope", "col"}, {"class", "number"}});
  html.close();
  html.close();
  html.open("tbody");
  for (std::size_t index = 0; index < suites.size(); ++index) {
    const auto& [suite, results, totals] = suites[index];
    html.open("tr");
    html.open("th", {{"scope", "row"}});
    html.element("a", suite->name, {{"href", "#" + suite_anchor(index)}});
    html.text(" ");
    html.element("small", suite->title);
    html.close();
    for (const auto verdict : kVerdicts) {
      const auto number = number_of(totals, verdict);
      html.element("td", std::to_string(number),
                   {{"class", number == 0 ? "number none" : "number"}});
    }
    html.close();
  }
  html.close();
  html.close();
  html.close();
}

}  // namespace

std::vector<SuiteResults> by_suite(const RunResult& run) {
  std::vector<SuiteResults> suites;
  std::map<std::string_view, std::size_t> index_of_file;
  for (const auto& result : run.results) {
    const auto [found, is_new] = index_of_file.emplace(result.suite->file, suites.size());
    if (is_new) suites.push_back({.suite = result.suite.get()});
    auto& suite = suites[found->second];
    suite.results.push_back(&result);
    suite.totals.add(result);
  }
  return suites;
}

std::string suite_anchor(std::size_t index) { return fmt::format("suite-{}", index + 1); }

void write_summary(HtmlWriter& html, const RunResult& run,
                   const std::vector<SuiteResults>& suites) {
  const auto totals = count(run.results);
  html.open("section", {{"aria-labelledby", "summary-title"}});
  html.element("h2", "Summary", {{"id", "summary-title"}});
  html.element("p", summary_line(run), {{"class", "headline"}});
  if (run.interrupted) {
    html.element("p", "The run was interrupted: what had finished stands here.",
                 {{"class", "notice"}});
  }
  if (!run.target_problem.empty()) {
    html.element("p", "The target failed after the last scenario: " + run.target_problem + ".",
                 {{"class", "notice"}});
  }
  write_bar(html, totals);
  write_facts(html, run);
  html.open("div", {{"class", "columns"}});
  write_totals(html, totals);
  write_suites(html, suites);
  html.close();
  html.close();
}

}  // namespace dialtone::html
