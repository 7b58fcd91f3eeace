#include "reports/junit.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "reports/comma_locale.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/sample_run.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kXunitSchema = "jenkins-xunit-junit-10.xsd";
const std::string kSurefireSchema = "surefire-test-report.xsd";

std::string written(const RunResult& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  kJunitReport.write(run, options, out);
  return out.str();
}

std::string written_for_xunit(const RunResult& run) {
  return written(run, {.variant = "jenkins-xunit", .root = {}});
}

std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  std::vector<std::string> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
    found.push_back((*match)[1]);
  return found;
}

TEST(JunitTest, PortableGolden) {
  auto document = written(sample_run());
  const std::string version = "\"dialtone.version\" value=\"" DIALTONE_VERSION "\"";
  const auto at = document.find(version);
  ASSERT_NE(at, std::string::npos);
  document =
      std::regex_replace(document, std::regex("(dialtone.version\" value=\")[^\"]*"), "$1VERSION");
  expect_golden("portable.xml", document);
}

TEST(JunitTest, JenkinsXunitGolden) {
  const auto document = written_for_xunit(sample_run());
  expect_golden(
      "jenkins-xunit.xml",
      std::regex_replace(document, std::regex("(dialtone.version\" value=\")[^\"]*"), "$1VERSION"));
}

// Check 1 of what readers of JUnit need.
TEST(JunitTest, BothVariantsAreWellFormed) {
  EXPECT_EQ(xml_complaints(written(sample_run())), "");
  EXPECT_EQ(xml_complaints(written_for_xunit(sample_run())), "");
}

// Check 2.
TEST(JunitTest, JenkinsXunitVariantIsValidUnderItsSchema) {
  EXPECT_EQ(schema_complaints(written_for_xunit(sample_run()), kXunitSchema), "");
}

TEST(JunitTest, ThePortableVariantHasWhatJenkinsXunitRejects) {
  const auto complaints = schema_complaints(written(sample_run()), kXunitSchema);
  for (const auto* attribute : {"'skipped'", "'timestamp'", "'file'", "'line'"})
    EXPECT_THAT(complaints, HasSubstr(attribute));
}

// Check 3: Surefire has no place for hostname, id, file and line; all the rest must be valid.
TEST(JunitTest, EachPortableSuiteIsValidUnderSurefireButForFourAttributes) {
  const auto document = written(sample_run());
  for (const auto* position : {"1", "2"}) {
    const auto suite = xpath(document, std::string("/testsuites/testsuite[") + position + "]");
    ASSERT_THAT(suite, StartsWith("<testsuite "));
    const auto bare =
        std::regex_replace(suite, std::regex(R"re(( hostname| id| file| line)="[^"]*")re"), "");
    EXPECT_EQ(schema_complaints(bare, kSurefireSchema), "");
  }
}

// Check 4.
TEST(JunitTest, CountersEqualTheChildrenAtBothLevels) {
  for (const bool strict : {false, true}) {
    auto run = sample_run();
    run.strict = strict;
    const auto document = written(run);
    for (const std::string level : {"/testsuites", "//testsuite[1]", "//testsuite[2]"}) {
      const auto equal = [&](const char* counter, const char* children) {
        EXPECT_EQ(xpath(document, fmt::format("string({}/@{})", level, counter)),
                  xpath(document, fmt::format("count({}//{})", level, children)))
            << level << " " << counter;
      };
      equal("tests", "testcase");
      equal("failures", "failure");
      equal("errors", "error");
      equal("skipped", "skipped");
      const auto thousandths = [&](const std::string& number) {
        return xpath(document, "round(1000 * " + number + ")");
      };
      EXPECT_EQ(thousandths(level + "/@time"), thousandths("sum(" + level + "//testcase/@time)"));
    }
  }
}

// Check 5.
TEST(JunitTest, TimesHaveThreeDecimalsAlsoUnderACommaLocale) {
  const CommaLocale locale;
  auto run = sample_run();
  run.results[0].took = std::chrono::milliseconds(1'234'567);
  std::ostringstream probe;
  probe << 1234.5;
  ASSERT_EQ(probe.str(), "1.234,5") << "the locale must reach new streams";
  const auto document = written(run);
  const auto times = all_matches(document, R"re( time="([^"]*)")re");
  EXPECT_EQ(times.size(), 9U);
  for (const auto& time : times) EXPECT_TRUE(std::regex_match(time, std::regex(R"(\d+\.\d{3})")));
  EXPECT_THAT(times, testing::Contains("1234.567"));
}

TEST(JunitTest, CountsAreNotGroupedUnderACommaLocale) {
  const CommaLocale locale;
  auto run = make_run();
  const auto suite = make_suite(1234);
  for (std::size_t i = 0; i < 1234; ++i)
    run.results.push_back(make_result(suite, i, Verdict::kPass));
  EXPECT_THAT(written(run), HasSubstr("tests=\"1234\""));
  EXPECT_THAT(written(run), HasSubstr("line=\"1234\""));
}

// Check 6.
TEST(JunitTest, TimestampsAreUtcWhateverTheTimeZone) {
  ASSERT_EQ(::setenv("TZ", "XYZ-8", 1), 0);
  ::tzset();
  const auto document = written(sample_run());
  ::unsetenv("TZ");
  ::tzset();
  const auto stamps = all_matches(document, R"re( timestamp="([^"]*)")re");
  EXPECT_THAT(stamps, testing::ElementsAre("2026-11-22T13:55:07Z", "2026-11-22T13:55:07Z",
                                           "2026-11-22T13:55:07Z"));
}

// Check 7.
TEST(JunitTest, All256OctetsAnywhereLeaveAValidDocument) {
  const auto run = run_with(all_octets());
  EXPECT_EQ(xml_complaints(written(run)), "");
  EXPECT_EQ(schema_complaints(written_for_xunit(run), kXunitSchema), "");
  EXPECT_THAT(xpath(written(run), "string(//system-out)"), HasSubstr("\\x00\\x01\\x02"));
}

// Check 8.
TEST(JunitTest, SurrogatesAndNoncharactersAreEscaped) {
  const auto document = written(run_with("a\xed\xa0\x80 b\xef\xbf\xbe c\xef\xbf\xbf d"));
  EXPECT_EQ(xml_complaints(document), "");
  EXPECT_THAT(document, Not(HasSubstr("\xed\xa0\x80")));
  EXPECT_THAT(document, Not(HasSubstr("\xef\xbf\xbe")));
  EXPECT_THAT(document, Not(HasSubstr("\xef\xbf\xbf")));
  EXPECT_THAT(document, HasSubstr("a\\xed\\xa0\\x80 b\\u{fffe} c\\u{ffff} d"));
}

// Check 9: nothing of the console's colours reaches a file, and what programs colour is escaped.
TEST(JunitTest, HoldsNoEscapeCharacterNorAReferenceToOne) {
  const auto document = written(run_with("\x1b[31mred\x1b[0m"));
  EXPECT_THAT(document, Not(HasSubstr("\x1b")));
  EXPECT_THAT(document, Not(HasSubstr("&#")));
  EXPECT_THAT(document, HasSubstr("\\x1b[31mred"));
}

// Check 10.
TEST(JunitTest, BodiesAndOutputsAreCappedWithHeadTailAndMarker) {
  const auto document = written(run_with_a_flood());
  EXPECT_EQ(xml_complaints(document), "");
  const auto body = xpath(document, "string(//failure)");
  EXPECT_LE(body.size(), 64U * 1024);
  EXPECT_TRUE(body.starts_with("\\x01"));
  for (const std::string element : {"system-out", "system-err"}) {
    const auto text = xpath(document, "string(//" + element + ")");
    EXPECT_LE(text.size(), 100'000U) << element;
    EXPECT_GT(text.size(), 50'000U) << element;
    EXPECT_NE(text.find("octets left out ...]"), std::string::npos) << element;
    EXPECT_TRUE(text.ends_with("\\x01\n")) << element;
  }
}

TEST(JunitTest, ALongTranscriptKeepsItsBeginningAndItsEnd) {
  auto run = make_run();
  auto result = make_result(make_suite(1), 0, Verdict::kFail);
  result.transcript.assign(5000, {{}, 0, "c", Received{"x"}});
  result.transcript.front().kind = Noted{"the first"};
  result.transcript.back().kind = Noted{"the last"};
  run.results.push_back(std::move(result));
  const auto document = written(run);
  EXPECT_THAT(document, HasSubstr("the first"));
  EXPECT_THAT(document, HasSubstr("[... 4600 events left out ...]"));
  EXPECT_THAT(document, HasSubstr("the last"));
}

// Check 11 is held in writing_memory_test.cpp, check 17 in e2e_retries_test.cpp.

TEST(JunitTest, APassingScenarioCarriesNoOutput) {
  auto run = make_run();
  auto result = sample_run().results[0];
  result.verdict = Verdict::kPass;
  run.results.push_back(std::move(result));
  EXPECT_THAT(written(run), Not(HasSubstr("system-")));
}

// Check 12.
TEST(JunitTest, EqualNamesGetASuffixAndAWarning) {
  auto run = make_run();
  const auto suite = make_suite(4);
  for (auto& scenario : suite->scenarios) scenario.title = "same";
  for (auto& scenario : suite->scenarios) scenario.id = "A";
  suite->scenarios[1].title = "same [2]";  // what the third would be called
  for (std::size_t i = 0; i < 4; ++i) run.results.push_back(make_result(suite, i, Verdict::kPass));
  const auto document = written(run);
  EXPECT_THAT(all_matches(document, R"re(testcase name="([^"]*)")re"),
              testing::ElementsAre("A: same", "A: same [2]", "A: same [3]", "A: same [4]"));
  EXPECT_THAT(xpath(document, "string(//property[@name='dialtone.warning']/@value)"),
              "2 scenarios had a name that was taken: the first is now 'A: same [3]'");
}

TEST(JunitTest, NamesAreUniqueAcrossFilesThatNameTheirSuiteAlike) {
  auto run = make_run();
  run.results.push_back(make_result(make_suite(1, "a.json"), 0, Verdict::kPass));
  run.results.push_back(make_result(make_suite(1, "b.json"), 0, Verdict::kPass));
  const auto names = all_matches(written(run), R"re(testcase name="([^"]*)")re");
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[1], names[0] + " [2]");
}

TEST(JunitTest, NamesThatAreWrittenAlikeAreMadeUnique) {
  auto run = make_run();
  const auto suite = make_suite(2);
  suite->scenarios[0].id = suite->scenarios[1].id = "A";
  suite->scenarios[0].title = "\x01";
  suite->scenarios[1].title = "\\x01";
  for (std::size_t i = 0; i < 2; ++i) run.results.push_back(make_result(suite, i, Verdict::kPass));
  EXPECT_THAT(all_matches(written(run), R"re(testcase name="([^"]*)")re"),
              testing::ElementsAre("A: \\x01", "A: \\x01 [2]"));
}

TEST(JunitTest, UniqueNamesCauseNoWarning) {
  EXPECT_THAT(written(sample_run()), Not(HasSubstr("dialtone.warning")));
}

TEST(JunitTest, RepetitionsAreCasesOfTheirOwn) {
  auto run = make_run();
  const auto suite = make_suite(1);
  for (int repetition = 1; repetition <= 2; ++repetition) {
    auto& result = run.results.emplace_back(make_result(suite, 0, Verdict::kPass));
    result.repetition = repetition;
    result.repetitions = 2;
  }
  const auto names = all_matches(written(run), R"re(testcase name="([^":]*))re");
  EXPECT_THAT(names, testing::ElementsAre("S-1 [1/2]", "S-1 [2/2]"));
}

// Check 13.
TEST(JunitTest, PathsAreRelativeToTheRootWithForwardSlashes) {
  for (const std::string file : {"./scenarios/a.json", "/repo/scenarios/a.json"}) {
    auto run = make_run();
    auto result = make_result(make_suite(1, file), 0, Verdict::kFail);
    result.where = {file, 7, 3};
    run.results.push_back(std::move(result));
    const auto document = written(run, {.variant = {}, .root = "/repo"});
    EXPECT_EQ(xpath(document, "string(//testsuite/@file)"), "scenarios/a.json");
    EXPECT_EQ(xpath(document, "string(//testcase/@file)"), "scenarios/a.json");
    EXPECT_THAT(xpath(document, "string(//failure)"), HasSubstr("at scenarios/a.json:7:3"));
  }
}

// Check 14.
TEST(JunitTest, ACaseHasOneJudgementAndOneOfEachOutput) {
  auto run = sample_run();
  run.results[0].outputs.push_back(run.results[0].outputs[0]);
  const auto document = written(run);
  EXPECT_EQ(xpath(document, "count(//testcase[system-out])"), "4");
  EXPECT_EQ(xpath(document, "count(//testcase[count(failure|error|skipped) > 1])"), "0");
  EXPECT_EQ(xpath(document, "count(//testcase[count(system-out) > 1])"), "0");
  EXPECT_EQ(xpath(document, "count(//testcase[count(system-err) > 1])"), "0");
}

// Check 15.
TEST(JunitTest, HasNoNestedSuiteNoCdataAndNoDoctype) {
  const auto document = written(run_with("<![CDATA[ <!DOCTYPE x> <testsuite> ]]>"));
  EXPECT_EQ(xpath(document, "count(//testsuite//testsuite)"), "0");
  EXPECT_THAT(document, Not(HasSubstr("<![CDATA[")));
  EXPECT_THAT(document, Not(HasSubstr("<!DOCTYPE")));
  EXPECT_THAT(document, Not(HasSubstr("]]>")));
}

// Check 16.
TEST(JunitTest, TypesAreWordsOfOurOwn) {
  for (const std::string type : {"Timeout", "yaml", "a b<c>", ""}) {
    auto run = make_run();
    auto result = make_result(make_suite(1), 0, Verdict::kError);
    result.problem.type = type;
    run.results.push_back(std::move(result));
    const auto shown = xpath(written(run), "string(//error/@type)");
    EXPECT_TRUE(std::regex_match(shown, std::regex(R"(dialtone\.\w+)"))) << shown;
  }
}

// Check 18, with the replacement of files in report_file_test.cpp.
TEST(JunitTest, AnInterruptedRunIsValidAndSaysSo) {
  auto run = sample_run();
  run.interrupted = true;
  run.results.resize(2);
  EXPECT_EQ(schema_complaints(written_for_xunit(run), kXunitSchema), "");
  EXPECT_EQ(xpath(written(run), "string(//property[@name='dialtone.interrupted']/@value)"), "true");
  EXPECT_EQ(xpath(written(run), "string(/testsuites/@tests)"), "3");
}

TEST(JunitTest, ARunWithoutScenariosIsValid) {
  EXPECT_EQ(xml_complaints(written(make_run())), "");
  EXPECT_EQ(schema_complaints(written_for_xunit(make_run()), kXunitSchema), "");
  EXPECT_EQ(xpath(written(make_run()), "string(/testsuites/@tests)"), "0");
}

TEST(JunitTest, OneSuiteAFileAlsoWhereResultsAlternate) {
  auto run = make_run();
  const auto a = make_suite(2, "a.json");
  const auto b = make_suite(1, "b.json");
  run.results.push_back(make_result(a, 0, Verdict::kPass));
  run.results.push_back(make_result(b, 0, Verdict::kPass));
  run.results.push_back(make_result(a, 1, Verdict::kPass));
  const auto document = written(run);
  EXPECT_EQ(xpath(document, "count(//testsuite)"), "2");
  EXPECT_EQ(xpath(document, "count(//testsuite[@file='a.json']/testcase)"), "2");
}

TEST(JunitTest, AWarningIsSkippedAndAFailureInAStrictRun) {
  auto run = make_run();
  auto result = make_result(make_suite(1), 0, Verdict::kWarn);
  result.problem = {.type = "Timeout",
                    .message = "no reply",
                    .expected = {},
                    .actual = {},
                    .bytes = std::nullopt};
  run.results.push_back(std::move(result));
  EXPECT_EQ(xpath(written(run), "string(//skipped/@message)"), "warning: no reply");
  run.strict = true;
  EXPECT_EQ(xpath(written(run), "string(//failure/@message)"), "no reply");
  EXPECT_EQ(xpath(written(run), "string(//failure/@type)"), "dialtone.Timeout");
}

TEST(JunitTest, TheMessageIsRepeatedInTheBody) {
  const auto document = written(sample_run());
  for (const std::string element : {"failure", "error", "skipped"}) {
    EXPECT_EQ(xpath(document, "count(//" + element + "[not(starts-with(., @message))])"), "0");
    EXPECT_NE(xpath(document, "count(//" + element + ")"), "0");
  }
}

}  // namespace
}  // namespace dialtone
