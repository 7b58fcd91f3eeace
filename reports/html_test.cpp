#include "reports/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>

#include "harness/model/scenario.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/html_assets.hpp"
#include "reports/html_octets.hpp"
#include "reports/html_writer.hpp"
#include "reports/sample_run.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string html_of(const RunResult& run) {
  std::ostringstream out;
  kHtmlReport.write(run, {.variant = {}, .root = {}}, out);
  return out.str();
}

/// The document with the style and the script as one word each: they have tests of their own.
std::string without_assets(std::string document) {
  for (const auto asset : {kHtmlStyle, kHtmlScript})
    document.replace(document.find(asset), asset.size(), "...");
  const auto policy = html_escaped(html_policy());
  return document.replace(document.find(policy), policy.size(), "...");
}

/// Counts in XPath: elements have XHTML's namespace, so by local name.
std::string count_of(const std::string& document, const std::string& name,
                     const std::string& predicate = {}) {
  return xpath(document, "count(//*[local-name()='" + name + "']" + predicate + ")");
}

TEST(HtmlTest, IsTheGoldenAndWellFormed) {
  const auto document = html_of(sample_run());
  EXPECT_EQ(xml_complaints(document), "");
  expect_golden("report.html", without_assets(document));
}

TEST(HtmlTest, ARunOfNothingIsADocumentToo) {
  const auto document = html_of(make_run());
  EXPECT_EQ(xml_complaints(document), "");
  EXPECT_THAT(document, HasSubstr("nothing was checked"));
}

TEST(HtmlTest, AnInterruptedRunSaysSo) {
  auto run = sample_run();
  run.interrupted = true;
  EXPECT_THAT(html_of(run), HasSubstr("The run was interrupted"));
  EXPECT_THAT(html_of(sample_run()), Not(HasSubstr("The run was interrupted")));
}

TEST(HtmlTest, AssetsHoldNothingThatEndsThem) {
  for (const auto asset : {kHtmlStyle, kHtmlScript})
    EXPECT_EQ(asset.find_first_of("<&"), std::string_view::npos);
}

/// What a shell command prints.
std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> piece{};
  while (const auto length = std::fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), length);
  ::pclose(pipe);
  return output;
}

TEST(HtmlTest, ThePolicyNamesTheAssetsByTheirSha256) {
  const auto file = testing::TempDir() + "dialtone-asset-" + std::to_string(::getpid());
  for (const auto asset : {kHtmlStyle, kHtmlScript}) {
    std::ofstream(file, std::ios::binary) << asset;
    const auto digest = output_of("openssl dgst -sha256 -binary < " + file + " | openssl base64");
    ASSERT_EQ(digest.size(), 45U);  // with LF
    EXPECT_THAT(html_policy(), HasSubstr("'sha256-" + digest.substr(0, 44) + "'"));
    EXPECT_THAT(html_of(make_run()), HasSubstr(asset));
  }
  std::remove(file.c_str());
}

TEST(HtmlTest, AStepOfARepetitionIsNamedAtTheStepThatRepeats) {
  auto run = make_run();
  auto suite = make_suite(1);
  auto& scenario = suite->scenarios[0];
  scenario.outline = {R"({"connect": "c"})", R"({"repeat": 2})"};
  for (const auto* label : {"1", "2.1.1", "2.2.1"})
    scenario.steps.push_back(
        {.spec = nullptr, .step = nullptr, .text = "{inner}", .where = {}, .label = label});
  auto result = make_result(suite, 0, Verdict::kFail);
  result.failed_step = 2;
  run.results.push_back(result);
  const auto document = html_of(run);
  EXPECT_EQ(count_of(document, "ol", "/*"), "2");
  EXPECT_THAT(document, HasSubstr("{&quot;repeat&quot;: 2}</code> "));
  EXPECT_THAT(document, HasSubstr(", step 2.2.1: <code>{inner}</code>"));
}

TEST(HtmlTest, LoadsNothing) {
  const auto document = html_of(sample_run());
  EXPECT_THAT(document, HasSubstr("default-src &#39;none&#39;; style-src &#39;sha256-"));
  EXPECT_EQ(
      xpath(document, "count(//@src | //@style | //@srcset | //@*[starts-with(name(), 'on')])"),
      "0");
  EXPECT_EQ(xpath(document, "count(//@href[not(starts-with(., '#'))])"), "0");
}

TEST(HtmlTest, EveryLinkHasATargetAndEveryIdIsUnique) {
  for (const auto& run : {sample_run(), hostile_run()}) {
    const auto document = html_of(run);
    EXPECT_EQ(xpath(document, "count(//@href[not(substring(., 2) = //@id)])"), "0");
    EXPECT_EQ(xpath(document, "count(//@id[. = ../following::*/@id])"), "0");
  }
}

TEST(HtmlTest, RepetitionsAndEqualNamesHaveAnchorsOfTheirOwn) {
  auto run = make_run();
  const auto suite = make_suite(1);
  for (int repetition = 1; repetition <= 2; ++repetition) {
    auto result = make_result(suite, 0, repetition == 1 ? Verdict::kPass : Verdict::kFail);
    result.repetition = repetition;
    result.repetitions = 2;
    run.results.push_back(result);
  }
  run.results.push_back(make_result(make_suite(1, "other.json"), 0, Verdict::kPass));
  const auto document = html_of(run);
  EXPECT_THAT(document, HasSubstr("id=\"article.samples/S-1\""));
  EXPECT_THAT(document, HasSubstr("id=\"article.samples/S-1/2\""));
  EXPECT_THAT(document, HasSubstr("id=\"article.samples/S-1~2\""));
  EXPECT_THAT(document, HasSubstr("1 of 2 runs: "));
}

TEST(HtmlTest, TablesHaveCaptionsAndScopesAndHeadingsSkipNoLevel) {
  const auto document = html_of(sample_run());
  EXPECT_EQ(count_of(document, "table", "[not(*[local-name()='caption'])]"), "0");
  EXPECT_EQ(count_of(document, "th", "[not(@scope)]"), "0");
  EXPECT_EQ(count_of(document, "h1"), "1");
  EXPECT_EQ(count_of(document, "main"), "1");
  EXPECT_EQ(count_of(document, "svg", "[not(@aria-labelledby) and not(@aria-hidden)]"), "0");
}

TEST(HtmlTest, ALargeRunLeavesOutEvidenceOfWhatPassedAndSaysSo) {
  auto run = make_run();
  const auto suite = make_suite(1);
  auto passed = make_result(suite, 0, Verdict::kPass);
  passed.transcript.assign(200, {Duration{}, 0, "c", Sent{Bytes(1000, 'x')}});
  run.results.assign(60, passed);
  auto failed = passed;
  failed.verdict = Verdict::kFail;
  run.results.push_back(failed);
  const auto document = html_of(run);
  EXPECT_THAT(document, HasSubstr("Left out: this report holds as much as browsers take."));
  EXPECT_LT(document.size(), 12'000'000U);
  EXPECT_THAT(document.substr(document.rfind("<article")), HasSubstr("<svg"));
}

/// The elements and attributes of a document, without any text or value.
std::string skeleton(const std::string& document) {
  std::string tags;
  for (std::size_t at = 0; (at = document.find('<', at)) != std::string::npos; ++at) {
    const auto end = document.find_first_of(" />", at + 2);
    tags += document.substr(at, end - at);
  }
  return tags;
}

/// One result whose every text is `octets`; its shape does not depend on them.
RunResult run_of(const Bytes& octets) {
  auto run = make_run();
  auto suite = make_suite(1);
  suite->scenarios[0].title = octets;
  auto result = make_result(suite, 0, Verdict::kFail);
  result.problem = {.type = octets,
                    .message = octets,
                    .expected = octets,
                    .actual = octets,
                    .bytes = std::nullopt};
  result.transcript = {{Duration{}, 0, octets, Received{octets}},
                       {Duration{}, 0, "", Noted{octets}}};
  result.outputs = {
      {.program = octets, .standard_output = octets, .standard_error = octets, .ended = octets}};
  run.target = octets;
  run.results.push_back(std::move(result));
  return run;
}

TEST(HtmlTest, RandomOctetsNeverLeaveTheText) {
  const auto expected = skeleton(html_of(run_of("plain text of some words")));
  std::mt19937 random(4711);
  constexpr std::string_view pieces = "<>&\"'/=-!]\\ \n\r\t{}`;:#";
  for (int round = 0; round < 300; ++round) {
    Bytes octets(1 + random() % 60, ' ');
    for (auto& octet : octets) {
      octet =
          random() % 2 == 0 ? static_cast<char>(random() % 256) : pieces[random() % pieces.size()];
    }
    const auto document = html_of(run_of(octets));
    ASSERT_EQ(skeleton(document), expected) << to_hex(octets);
    if (round % 30 == 0) {
      ASSERT_EQ(xml_complaints(document), "") << to_hex(octets);
    }
  }
}

TEST(HtmlTest, HostileTextsAreTextOnly) {
  const auto document = html_of(hostile_run());
  EXPECT_EQ(xml_complaints(document), "");
  EXPECT_EQ(count_of(document, "script"), "1");
  EXPECT_EQ(count_of(document, "style"), "1");
  for (const auto* element : {"img", "iframe", "b", "textarea"})
    EXPECT_EQ(count_of(document, element), "0") << element;
  for (const auto* hidden : {"\u202e", "\u2066", "\u200b", "\ufeff", "\x1b", "\x7f", "\r"})
    EXPECT_THAT(document, Not(HasSubstr(hidden)));
  EXPECT_EQ(document.find('\0'), std::string::npos);
  EXPECT_THAT(document, HasSubstr("\\x00nul\\x01"));
  EXPECT_THAT(document, HasSubstr("\\u{202e}gnp.exe"));
}

TEST(HtmlTest, TellsOfTheAttemptsOfWhatWasRunAgain) {
  const auto document = html_of(retried_run());
  EXPECT_EQ(xml_complaints(document), "");
  EXPECT_EQ(count_of(document, "details", "[@class='attempt']"), "6");
  EXPECT_EQ(count_of(document, "strong", "[.='flaky ']"), "1");
  EXPECT_EQ(count_of(document, "td", "[.='flaky: passed only when it was run again']"), "1");
  EXPECT_THAT(document, HasSubstr("2 passed (1 flaky)"));
  EXPECT_THAT(document, HasSubstr("attempt 2 of 3: error: the harness itself was late"));
}

TEST(HtmlTest, HostileOctetsOfAnAttemptStayText) {
  auto run = hostile_run();
  for (auto& result : run.results) {
    result.attempts = {result};
    result.attempts[0].attempts.clear();
  }
  const auto document = html_of(run);
  EXPECT_EQ(xml_complaints(document), "");
  EXPECT_EQ(count_of(document, "script"), "1");
}

}  // namespace
}  // namespace dialtone
