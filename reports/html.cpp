#include "reports/html.hpp"

#include <fmt/format.h>

#include <ostream>

#include "harness/model/result.hpp"
#include "harness/model/scenario.hpp"
#include "reports/html_assets.hpp"
#include "reports/html_catalogue.hpp"
#include "reports/html_scenario.hpp"
#include "reports/html_summary.hpp"
#include "reports/html_writer.hpp"

namespace dialtone {
namespace {

// Octets of the document after which evidence is left out: of what passed first, so that a large
// run's failures are still seen.
constexpr std::size_t kPassedLimit = 8'000'000;
constexpr std::size_t kEvidenceLimit = 24'000'000;

constexpr std::string_view kLegend =
    "In the diagrams time runs downwards. A FIN ends in a double bar, a RST in a cross, our close "
    "in a ring; a clock is a deadline that passed, with a line that never arrived; an arrow that "
    "ends half-way got no answer.";

void write_head(HtmlWriter& html, const std::string& title) {
  html.open("head");
  html.leaf("meta", {{"charset", "utf-8"}});
  html.leaf("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", html_policy()}});
  html.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  html.leaf("meta", {{"name", "generator"}, {"content", "dialtone " DIALTONE_VERSION}});
  html.element("title", title);
  html.verbatim("style", kHtmlStyle);
  html.close();
}

void write_filter(HtmlWriter& html, const Totals& totals) {
  html.open("form", {{"id", "filter"}, {"role", "search"}, {"hidden", "hidden"}});
  html.open("label", {{"for", "search"}});
  html.text("Search ");
  html.element("kbd", "/");
  html.close();
  html.leaf("input", {{"id", "search"},
                      {"type", "search"},
                      {"autocomplete", "off"},
                      {"spellcheck", "false"},
                      {"placeholder", "id, title, octets in hex, any word"}});
  html.open("fieldset");
  html.element("legend", "Show");
  for (const auto verdict : kVerdicts) {
    Totals one;
    one.add(verdict);
    const auto number = (totals.pass * one.pass) + (totals.fail * one.fail) +
                        (totals.warn * one.warn) + (totals.error * one.error) +
                        (totals.known * one.known) + (totals.skip * one.skip);
    if (number == 0) continue;
    html.open("label");
    html.leaf("input", {{"type", "checkbox"},
                        {"name", "verdict"},
                        {"value", name_of(verdict)},
                        {"checked", "checked"}});
    html.text(" ");
    html::write_verdict(html, verdict);
    html.element("span", fmt::format(" {}", number), {{"class", "count"}});
    html.close();
  }
  html.close();
  html.element("output", "", {{"id", "shown"}, {"for", "search"}});
  html.open("p", {{"class", "keys"}});
  for (const auto& [key, what] :
       {std::pair{"j", "next"}, std::pair{"k", "previous"}, std::pair{"o", "open or close"},
        std::pair{"/", "search"}, std::pair{"Esc", "show all"}}) {
    html.element("kbd", key);
    html.text(fmt::format(" {} ", what));
  }
  html.close();
  html.close();
}

class HtmlReport {
 public:
  HtmlReport(const RunResult& run, const ReportOptions& options, std::ostream& out)
      : run_(run), root_(options.root), anchors_(run), html_(out) {}

  void write() {
    const auto title = "Dialtone: " + run_.target;
    html_.open("html", {{"lang", "en"}, {"xmlns", "http://www.w3.org/1999/xhtml"}});
    write_head(html_, title);
    html_.open("body");
    html_.element("a", "Skip to the requirements",
                  {{"class", "skip-link"}, {"href", "#requirements"}});
    html_.open("header");
    html_.element("p", "Dialtone report", {{"class", "kicker"}});
    html_.element("h1", run_.target.empty() ? "No target" : run_.target);
    html_.open("nav", {{"aria-label", "Parts of the report"}});
    html_.element("a", "Summary", {{"href", "#summary-title"}});
    html_.text(" ");
    html_.element("a", "Requirements", {{"href", "#requirements"}});
    html_.text(" ");
    html_.element("a", "Conversations", {{"href", "#conversations"}});
    html_.close();
    html_.close();
    write_main();
    html_.open("footer");
    html_.element("p",
                  "Octets that are no text, and characters that show nothing or change their "
                  "neighbours, are written as \\xNN or \\u{NNNN}.");
    html_.close();
    html_.verbatim("script", kHtmlScript);
    html_.close();
    html_.close();
  }

 private:
  void write_main() {
    const auto suites = html::by_suite(run_);
    html_.open("main");
    html::write_summary(html_, run_, suites);
    write_filter(html_, count(run_.results));
    html_.open("section", {{"id", "requirements"}, {"aria-labelledby", "requirements-title"}});
    html_.element("h2", "Requirements", {{"id", "requirements-title"}});
    html::write_catalogue(html_, html::requirements_of(run_), anchors_);
    html_.close();
    html_.open("section", {{"id", "conversations"}, {"aria-labelledby", "conversations-title"}});
    html_.element("h2", "Conversations", {{"id", "conversations-title"}});
    html_.element("p", kLegend, {{"class", "legend"}});
    for (std::size_t index = 0; index < suites.size(); ++index)
      write_suite(suites[index], html::suite_anchor(index));
    html_.close();
    html_.close();
  }

  void write_suite(const html::SuiteResults& suite, const std::string& anchor) {
    html_.open("section", {{"class", "suite"}, {"aria-labelledby", anchor}});
    html_.open("h3", {{"id", anchor}});
    html_.text(suite.suite->title.empty() ? suite.suite->name : suite.suite->title);
    html_.text(" ");
    html_.element("small", suite.suite->name);
    html_.close();
    for (const auto* result : suite.results) {
      const auto limit = result->verdict == Verdict::kPass ? kPassedLimit : kEvidenceLimit;
      html::write_scenario(html_, *result,
                           {.run = run_,
                            .anchors = anchors_,
                            .root = root_,
                            .index = ++written_,
                            .is_spent = html_.written() >= limit});
    }
    html_.close();
  }

  const RunResult& run_;
  const std::string& root_;
  html::Anchors anchors_;
  HtmlWriter html_;
  std::size_t written_ = 0;
};

void write_html(const RunResult& run, const ReportOptions& options, std::ostream& out) {
  HtmlReport(run, options, out).write();
}

}  // namespace

const ReportFormat kHtmlReport{
    .name = "html",
    .summary = "one HTML file for people: requirements, conversations as ladder diagrams, octets",
    .variants = {},
    .write = write_html,
    .wants_all = true};

}  // namespace dialtone
