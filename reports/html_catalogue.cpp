#include "reports/html_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/model/plural.hpp"
#include "harness/model/scenario.hpp"
#include "reports/evidence.hpp"

namespace dialtone::html {
namespace {

struct Group {
  Standing standing;
  std::string_view title;
};

constexpr std::array kGroups{
    Group{Standing::kBroken, "Does not hold"}, Group{Standing::kUnjudged, "Could not be judged"},
    Group{Standing::kUnchecked, "Was not checked"}, Group{Standing::kHolds, "Holds"}};

int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFail: return 5;
    case Verdict::kError: return 4;
    case Verdict::kWarn: return 3;
    case Verdict::kKnown: return 2;
    case Verdict::kPass: return 1;
    case Verdict::kSkip: return 0;
  }
  return 0;
}

std::string encoded(std::string_view name) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::string out;
  for (const char c : name) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string wanted_anchor(const ScenarioResult& result) {
  auto anchor = encoded(result.suite->name) + "/" + encoded(result.scenario->id);
  if (result.repetition > 1) anchor += fmt::format("/{}", result.repetition);
  return anchor;
}

/// "3 of 500 runs" where the runs of one requirement do not agree.
std::string share_of(const Requirement& requirement) {
  const auto runs = requirement.runs.size();
  if (runs < 2) return {};
  const auto& verdict = requirement.worst->verdict;
  const auto alike = std::ranges::count(requirement.runs, verdict, &ScenarioResult::verdict);
  return fmt::format("{} of {}: ", alike, plural(runs, "run"));
}

void write_row(HtmlWriter& html, const Requirement& requirement, const Anchors& anchors) {
  const auto& scenario = *requirement.scenario;
  const auto& worst = *requirement.worst;
  const auto& anchor = anchors.of(worst);
  html.open("tr", {{"data-verdict", name_of(worst.verdict)}, {"data-of", anchor}});
  html.open("td");
  write_verdict(html, worst.verdict);
  html.close();
  html.open("th", {{"scope", "row"}});
  html.element("a", scenario.id, {{"href", "#" + anchor}});
  html.close();
  html.open("td");
  html.text(scenario.title);
  html.text(" ");
  html.element("small", worst.suite->name, {{"class", "suite"}});
  html.close();
  html.element("td", name_of(scenario.level));
  html.element("td", scenario.source);
  html.element("td", reason_of(requirement));
  html.close();
}

void write_head(HtmlWriter& html) {
  html.open("thead");
  html.open("tr");
  for (const auto* title : {"Verdict", "Id", "Requirement", "Level", "Source", "Why"})
    html.element("th", title, {{"scope", "col"}});
  html.close();
  html.close();
}

}  // namespace

Standing standing_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return Standing::kHolds;
    case Verdict::kFail:
    case Verdict::kWarn:
    case Verdict::kKnown: return Standing::kBroken;
    case Verdict::kError: return Standing::kUnjudged;
    case Verdict::kSkip: return Standing::kUnchecked;
  }
  return Standing::kUnjudged;
}

std::string_view sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "\u2713";
    case Verdict::kFail: return "\u2717";
    case Verdict::kWarn: return "!";
    case Verdict::kError: return "?";
    case Verdict::kKnown: return "~";
    case Verdict::kSkip: return "\u2013";
  }
  return "?";
}

void write_verdict(HtmlWriter& html, Verdict verdict) {
  html.open("span", {{"class", fmt::format("verdict {}", name_of(verdict))}});
  html.element("span", sign_of(verdict), {{"class", "sign"}, {"aria-hidden", "true"}});
  html.text(" ");
  html.text(name_of(verdict));
  html.close();
}

Anchors::Anchors(const RunResult& run) {
  std::set<std::string> taken;
  std::map<std::string, int> last_number;
  for (const auto& result : run.results) {
    const auto wanted = wanted_anchor(result);
    auto anchor = wanted;
    while (!taken.insert(anchor).second) {
      auto& number = last_number[wanted];
      number = std::max(number, 1) + 1;
      anchor = fmt::format("{}~{}", wanted, number);
    }
    anchors_.emplace(&result, std::move(anchor));
  }
}

std::vector<Requirement> requirements_of(const RunResult& run) {
  std::vector<Requirement> requirements;
  std::map<const Scenario*, std::size_t> index_of;
  for (const auto& result : run.results) {
    const auto [found, is_new] = index_of.emplace(result.scenario, requirements.size());
    if (is_new) requirements.push_back({.scenario = result.scenario});
    auto& requirement = requirements[found->second];
    requirement.runs.push_back(&result);
    requirement.totals.add(result);
    const auto* worst = requirement.worst;
    if (worst == nullptr || rank(result.verdict) > rank(worst->verdict))
      requirement.worst = &result;
  }
  return requirements;
}

std::string reason_of(const Requirement& requirement) {
  const auto& worst = *requirement.worst;
  const auto share = share_of(requirement);
  if (worst.verdict == Verdict::kPass && requirement.totals.flaky > 0)
    return share + "flaky: passed only when it was run again";
  switch (worst.verdict) {
    case Verdict::kPass: return share.empty() ? std::string() : share + "passed";
    case Verdict::kKnown:
      return fmt::format("{}known failure: {}: {}", share, worst.known_reason, headline(worst));
    case Verdict::kFail:
    case Verdict::kWarn:
    case Verdict::kError:
    case Verdict::kSkip: return share + headline(worst);
  }
  return {};
}

void write_catalogue(HtmlWriter& html, const std::vector<Requirement>& requirements,
                     const Anchors& anchors) {
  open_scroll(html, "All requirements");
  html.open("table", {{"class", "catalogue"}});
  html.element("caption", "Every requirement that was selected, those that do not hold first.");
  write_head(html);
  for (const auto& group : kGroups) {
    const auto belongs = [&](const Requirement& requirement) {
      return standing_of(requirement.worst->verdict) == group.standing;
    };
    const auto number = std::ranges::count_if(requirements, belongs);
    if (number == 0) continue;
    html.open("tbody");
    html.open("tr", {{"class", "group"}});
    html.element("th", fmt::format("{} ({})", group.title, number),
                 {{"colspan", "6"}, {"scope", "rowgroup"}});
    html.close();
    for (const auto& requirement : requirements)
      if (belongs(requirement)) write_row(html, requirement, anchors);
    html.close();
  }
  html.close();
  html.close();
}

}  // namespace dialtone::html
