#include "reports/html_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/plural.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/scenario.hpp"
#include "reports/attempts.hpp"
#include "reports/cap.hpp"
#include "reports/conversation.hpp"
#include "reports/evidence.hpp"
#include "reports/html_ladder.hpp"
#include "reports/html_octets.hpp"
#include "reports/report_path.hpp"

namespace dialtone::html {
namespace {

constexpr std::size_t kStepLimit = 400;  // octets of a step's text: it may hold a payload
constexpr std::size_t kStepsLimit = 100;
constexpr std::size_t kValueLimit = 4096;      // octets of an expected or actual value
constexpr std::size_t kProgramLimit = 30'000;  // octets of one program's output
constexpr std::string_view kLeftOut = "Left out: this report holds as much as browsers take.";
constexpr std::size_t kPlainLimit = 100'000;  // octets of the evidence as plain text

std::string place(SourceLocation where, const std::string& root) {
  where.file = report_path(where.file, root);
  return to_string(where);
}

std::vector<std::string> steps_of(const Scenario& scenario) {
  if (!scenario.outline.empty()) return scenario.outline;
  std::vector<std::string> steps;
  for (const auto& step : scenario.steps) steps.push_back(step.text);
  return steps;
}

class Section {
 public:
  Section(HtmlWriter& html, const ScenarioResult& result, const ScenarioContext& context)
      : html_(html), result_(result), scenario_(*result.scenario), context_(context) {}

  void write() {
    html_.open("article", {{"class", fmt::format("scenario {}", name_of(result_.verdict))},
                           {"id", context_.anchors.of(result_)},
                           {"data-verdict", name_of(result_.verdict)},
                           {"tabindex", "-1"}});
    open_details();
    write_title();
    if (is_spent() && !has_problem()) {
      html_.element("p", kLeftOut);
    } else {
      write_body();
    }
    html_.close();
    html_.close();
  }

 private:
  void write_body() {
    write_facts();
    write_problem();
    write_steps();
    write_conversation();
    write_outputs();
    write_attempts();
    write_plain();
  }

  bool has_problem() const {
    return result_.verdict != Verdict::kPass && result_.verdict != Verdict::kSkip;
  }

  void open_details() {
    if (has_problem() || is_flaky(result_)) {
      html_.open("details", {{"open", "open"}});
    } else {
      html_.open("details");
    }
  }

  void write_title() {
    html_.open("summary");
    html_.open("h4");
    write_verdict(html_, result_.verdict);
    html_.text(" ");
    if (is_flaky(result_)) html_.element("strong", "flaky ");
    html_.element("span", display_name(result_), {{"class", "id"}});
    html_.text(" ");
    html_.element("span", scenario_.title, {{"class", "title"}});
    html_.close();
    html_.close();
  }

  void fact(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    html_.open("div");
    html_.element("dt", name);
    html_.element("dd", value);
    html_.close();
  }

  void write_facts() {
    html_.open("dl", {{"class", "facts"}});
    fact("Level", name_of(scenario_.level));
    fact("Source", scenario_.source);
    fact("Took", humanize(result_.took));
    fact("At", place(result_.where, context_.root));
    fact("Known failure", result_.verdict == Verdict::kKnown ? result_.known_reason : "");
    fact("Note", scenario_.note);
    fact("A failure usually means", has_problem() ? scenario_.means : "");
    fact("Runs without a verdict", stalled_note(result_));
    if (result_.variants) {
      fact("Variants", std::to_string(result_.variants->run));
      fact("Variant that differs", result_.variants->differs);
      for (const auto& note : notes_of(*result_.variants)) fact("Of the variants", note);
    }
    write_link();
    if (result_.verdict != Verdict::kPass)
      fact("Run it again", rerun_command(context_.run, result_));
    html_.close();
  }

  void write_link() {
    const auto link = "#" + context_.anchors.of(result_);
    html_.open("div");
    html_.element("dt", "Link");
    html_.open("dd");
    html_.element("a", link, {{"class", "permalink"}, {"href", link}});
    html_.close();
    html_.close();
  }

  void write_problem() {
    if (result_.verdict == Verdict::kPass) return;
    const auto& problem = result_.problem;
    const bool is_skip = result_.verdict == Verdict::kSkip;
    html_.element("h5", is_skip ? "Why it was not checked" : "What happened");
    html_.element("p", headline(result_), {{"class", "headline"}});
    if (is_spent()) return;
    if (problem.bytes) return write_difference(html_, *problem.bytes);
    if (problem.expected.empty() && problem.actual.empty()) return;
    html_.open("dl", {{"class", "values"}});
    fact("Expected", cap_end(printable(problem.expected), kValueLimit));
    fact("Actual", cap_end(printable(problem.actual), kValueLimit));
    html_.close();
  }

  /// As the file has them; a step of a repetition is named below the step that repeats it.
  void write_steps() {
    if (scenario_.steps.empty()) return;
    const auto steps = steps_of(scenario_);
    const auto shown = std::min(steps.size(), kStepsLimit);
    html_.element("h5", "Steps");
    html_.open("ol", {{"class", "steps"}});
    for (std::size_t index = 0; index < shown; ++index) {
      html_.open("li");
      html_.element("code", cap_end(printable(steps[index]), kStepLimit));
      if (index + 1 == failed_number()) write_here(steps[index]);
      html_.close();
    }
    html_.close();
    if (shown < steps.size())
      html_.element("p", plural(steps.size() - shown, "step") + " left out");
  }

  /// Where the file has the failed step, from 1; 0 where none is to blame.
  std::size_t failed_number() const {
    if (result_.failed_step < 0) return 0;
    const auto index = static_cast<std::size_t>(result_.failed_step);
    if (index >= scenario_.steps.size()) return 0;
    const auto& label = scenario_.steps[index].label;
    std::size_t number = 0;
    std::from_chars(label.data(), label.data() + label.size(), number);
    return number == 0 ? index + 1 : number;
  }

  void write_here(std::string_view outer) {
    const auto& step = scenario_.steps[static_cast<std::size_t>(result_.failed_step)];
    html_.text(" ");
    html_.element("strong", "\u2190 here", {{"class", "here"}});
    if (!result_.problem.step.empty()) {
      html_.text(", in a branch: ");
      html_.element("code", cap_end(printable(result_.problem.step), kStepLimit));
      return;
    }
    if (step.text == outer) return;
    html_.text(fmt::format(", step {}: ", step.label));
    html_.element("code", cap_end(printable(step.text), kStepLimit));
  }

  void write_conversation() {
    if (result_.transcript.empty()) return;
    html_.element("h5", "Conversation");
    if (is_spent()) {
      html_.element("p", kLeftOut);
      return;
    }
    const auto [head, tail] = shown_events(result_.transcript.size(), kEventLimit);
    if (tail > head) {
      html_.element("p", fmt::format("{} of {} are left out here, in the middle.", tail - head,
                                     plural(result_.transcript.size(), "event")));
    }
    open_scroll(html_, "Diagram");
    write_ladder(html_, result_, context_.run.target, fmt::format("ladder-{}", context_.index));
    html_.close();
    write_events(head, tail);
  }

  void write_events(std::size_t head, std::size_t tail) {
    html_.open("details", {{"class", "events"}});
    html_.element("summary", "The conversation as a table, octets in hex and as text");
    open_scroll(html_, "Events");
    html_.open("table");
    html_.element("caption", fmt::format("Text as {}; times since the scenario began.",
                                         name_of(scenario_.encoding)));
    html_.open("thead");
    html_.open("tr");
    for (const auto* title : {"Time", "Connection", "Direction", "What", "Hex", "Text"})
      html_.element("th", title, {{"scope", "col"}});
    html_.close();
    html_.close();
    html_.open("tbody");
    for (std::size_t at = 0; at < head; ++at) write_event(result_.transcript[at]);
    if (tail > head) {
      html_.open("tr", {{"class", "left-out"}});
      html_.element("td", plural(tail - head, "event") + " left out", {{"colspan", "6"}});
      html_.close();
    }
    for (auto at = tail; at < result_.transcript.size(); ++at) write_event(result_.transcript[at]);
    html_.close();
    html_.close();
    html_.close();
    html_.close();
  }

  static std::string_view direction(Way way) {
    switch (way) {
      case Way::kToPeer: return "to the peer \u2192";
      case Way::kFromPeer: return "from the peer \u2190";
      case Way::kNeither: return "";
    }
    return "";
  }

  void write_event(const Event& event) {
    html_.open("tr");
    html_.element("th", humanize(event.at), {{"scope", "row"}});
    html_.element("td", event.connection);
    html_.element("td", direction(way_of(event.kind)));
    html_.element("td", cap_end(words_for(event.kind), kValueLimit));
    write_payload_cells(html_, payload_of(event.kind), scenario_.encoding);
    html_.close();
  }

  void write_outputs() {
    if (is_spent()) return;
    for (const auto& output : result_.outputs) {
      if (output.standard_output.empty() && output.standard_error.empty() && output.ended.empty())
        continue;
      html_.element("h5", "Program " + output.program +
                              (output.ended.empty() ? std::string() : ": " + output.ended));
      write_stream("Standard output", output.standard_output);
      write_stream("Standard error", output.standard_error);
    }
  }

  void write_stream(std::string_view name, const Bytes& octets) {
    if (octets.empty()) return;
    html_.element("h6", name);
    write_pre(name, printable_lines(octets, kProgramLimit));
  }

  void write_pre(std::string_view name, std::string_view text) {
    html_.open("pre", {{"role", "group"}, {"aria-label", name}, {"tabindex", "0"}});
    html_.preformatted(text);
    html_.close();
  }

  /// To paste into a bug report.
  void write_plain() {
    if (!has_problem() || is_spent()) return;
    html_.open("details", {{"class", "plain"}});
    html_.element("summary", "The evidence as plain text");
    write_evidence("Evidence", result_);
    html_.close();
  }

  void write_evidence(std::string_view name, const ScenarioResult& result) {
    write_pre(name, cap_middle(whole_evidence(result, context_.root, kEventLimit), kPlainLimit));
  }

  void write_attempts() {
    const auto notes = attempt_notes(result_);
    if (!notes.empty()) html_.element("h5", "Attempts before this one");
    for (std::size_t index = 0; index < notes.size(); ++index) {
      html_.open("details", {{"class", "attempt"}});
      html_.element("summary", notes[index]);
      if (!is_spent()) write_evidence("Evidence of this attempt", result_.attempts[index]);
      html_.close();
    }
  }

  bool is_spent() const { return context_.is_spent; }

  HtmlWriter& html_;
  const ScenarioResult& result_;
  const Scenario& scenario_;
  const ScenarioContext& context_;
};

}  // namespace

void write_scenario(HtmlWriter& html, const ScenarioResult& result,
                    const ScenarioContext& context) {
  Section(html, result, context).write();
}

}  // namespace dialtone::html
