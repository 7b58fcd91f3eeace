// JUnit's flaky and rerun shapes (--retries), and attachments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <sstream>
#include <string>

#include "harness/model/scenario.hpp"
#include "reports/hostile_run.hpp"
#include "reports/junit.hpp"
#include "reports/sample_run.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string written(const RunResult& run, const ReportOptions& options = {}) {
  std::ostringstream out;
  kJunitReport.write(run, options, out);
  return out.str();
}

std::string written_for_xunit(const RunResult& run) {
  return written(run, {.variant = "jenkins-xunit", .root = {}});
}

/// "flakyFailure flakyError " of the case at that place in the document, from 1.
std::string children(const std::string& document, int place) {
  std::string names;
  const auto test = "(//testcase)[" + std::to_string(place) + "]/*";
  const auto count = std::stoi(xpath(document, "count(" + test + ")"));
  for (int child = 1; child <= count; ++child)
    names += xpath(document, "name(" + test + "[" + std::to_string(child) + "])") + " ";
  return names;
}

// The order of the elements is the schemas'.
TEST(JunitRetryTest, EachAttemptIsAnElementOfItsKind) {
  const auto run = retried_run();
  for (const auto& document : {written(run), written_for_xunit(run)}) {
    EXPECT_EQ(children(document, 1), "flakyFailure flakyError ");
    EXPECT_EQ(children(document, 2), "rerunFailure error rerunError system-out ");
    EXPECT_EQ(children(document, 3), "");
    EXPECT_EQ(children(document, 4), "failure rerunFailure rerunError system-out system-err ");
    EXPECT_EQ(xpath(document, "string(/testsuites/@failures)"), "1");
    EXPECT_EQ(xpath(document, "string(/testsuites/@errors)"), "1");
  }
}

TEST(JunitRetryTest, BothVariantsAreValid) {
  const auto run = retried_run();
  EXPECT_EQ(schema_complaints(written_for_xunit(run), "jenkins-xunit-junit-10.xsd"), "");
  const auto document = written(run);
  EXPECT_EQ(xml_complaints(document), "");
  for (const auto* position : {"1", "2"}) {
    const auto suite = xpath(document, std::string("/testsuites/testsuite[") + position + "]");
    ASSERT_THAT(suite, StartsWith("<testsuite "));
    const auto bare =
        std::regex_replace(suite, std::regex(R"re(( hostname| id| file| line)="[^"]*")re"), "");
    EXPECT_EQ(schema_complaints(bare, "surefire-test-report.xsd"), "");
  }
}

TEST(JunitRetryTest, AnAttemptHasItsMessageItsTypeAndItsEvidence) {
  const auto document = written(retried_run());
  const std::string message = "attempt 1 of 3: fail: step 3: octets differ at offset 3";
  EXPECT_EQ(xpath(document, "string(//flakyFailure/@message)"), message);
  EXPECT_EQ(xpath(document, "string(//flakyFailure/@type)"), "dialtone.ExpectMismatch");
  EXPECT_THAT(xpath(document, "string(//flakyFailure/stackTrace)"),
              AllOf(StartsWith(message + "\n"), HasSubstr("at scenarios/article/samples.json:18")));
  EXPECT_THAT(xpath(document, "string(//flakyFailure/system-out)"), HasSubstr("<- c  FIN"));
  EXPECT_THAT(xpath(document, "string(//flakyFailure/system-err)"), HasSubstr("<odd>"));
  EXPECT_EQ(xpath(document, "string(//flakyError/@message)"),
            "attempt 2 of 3: error: the harness itself was late by 3.10 s");
}

// Some readers know only the element of the case.
TEST(JunitRetryTest, TheBodyOfAFailureTellsOfTheAttempts) {
  EXPECT_THAT(xpath(written(retried_run()), "string(//failure)"),
              AllOf(HasSubstr("attempt 1 of 3: fail: "), HasSubstr("attempt 2 of 3: error: ")));
}

TEST(JunitRetryTest, AWarningThatErredBeforeIsNoRerun) {
  auto run = make_run();
  auto result = make_result(make_suite(1), 0, Verdict::kWarn);
  result.attempts = {make_result(make_suite(1), 0, Verdict::kError)};
  run.results.push_back(std::move(result));
  EXPECT_EQ(children(written(run), 1), "skipped ");  // a rerun beside it would be read as failed
  EXPECT_THAT(xpath(written(run), "string(//skipped)"), HasSubstr("attempt 1 of 2: error: "));
}

TEST(JunitRetryTest, All256OctetsInAnAttemptLeaveAValidDocument) {
  auto run = run_with(all_octets());
  run.results[0].attempts = {run.results[0]};
  run.results.push_back(run.results[0]);
  run.results[1].verdict = Verdict::kPass;
  EXPECT_EQ(xml_complaints(written(run)), "");
  EXPECT_EQ(schema_complaints(written_for_xunit(run), "jenkins-xunit-junit-10.xsd"), "");
}

TEST(JunitRetryTest, AttemptsAreCappedAsTheCaseIs) {
  auto run = make_run();
  auto result = make_result(make_suite(1), 0, Verdict::kFail);
  result.problem.message = std::string(900, 'm');
  auto attempt = result;
  for (int i = 0; i < 10; ++i)
    attempt.outputs.push_back({"program", Bytes(20'000, 'o'), Bytes(20'000, 'e'), ""});
  result.attempts.assign(300, attempt);
  run.results.push_back(std::move(result));
  const auto document = written(run);
  const auto body = xpath(document, "string(//failure)");
  EXPECT_LE(body.size(), 64U * 1024);
  EXPECT_THAT(body, HasSubstr("octets left out"));
  for (const std::string element : {"system-out", "system-err"}) {
    const auto text = xpath(document, "string(//rerunFailure/" + element + ")");
    EXPECT_LE(text.size(), 100'000U);
    EXPECT_GT(text.size(), 90'000U);
  }
}

/// With a file of each result.
ReportOptions with_files(const RunResult& run, const std::string& folder, bool absolute = false) {
  ReportOptions options;
  options.absolute_attachments = absolute;
  for (std::size_t i = 0; i < run.results.size(); ++i)
    options.attachments.push_back({folder + "/" + std::to_string(i) + ".pcapng"});
  return options;
}

// On a line of its own, as Jenkins wants it; relative to the repository, as GitLab does.
TEST(JunitAttachmentsTest, AreNamedAtTheEndOfWhatAFailureShows) {
  const auto run = sample_run();
  const auto document = written(run, with_files(run, "./build/captures"));
  EXPECT_THAT(xpath(document, "string(//testcase[failure]/system-out)"),
              EndsWith("\n[[ATTACHMENT|build/captures/0.pcapng]]\n"));
  EXPECT_EQ(xpath(document, "count(//system-out[contains(., '[[ATTACHMENT|')])"), "4");
  EXPECT_EQ(xml_complaints(document), "");
}

TEST(JunitAttachmentsTest, AreRelativeToTheRootOrAbsolute) {
  const auto run = sample_run();
  auto options = with_files(run, "/repo/build");
  options.root = "/repo";
  EXPECT_THAT(written(run, options), HasSubstr("\n[[ATTACHMENT|build/0.pcapng]]\n"));
  options.absolute_attachments = true;
  EXPECT_THAT(written(run, options), HasSubstr("\n[[ATTACHMENT|/repo/build/0.pcapng]]\n"));
  const auto here = std::filesystem::current_path().generic_string();
  EXPECT_THAT(written(run, with_files(run, "build", true)),
              HasSubstr("\n[[ATTACHMENT|" + here + "/build/0.pcapng]]\n"));
}

TEST(JunitAttachmentsTest, AFlakyScenarioHasItsOwnAndAPassNone) {
  const auto run = retried_run();
  const auto document = written(run, with_files(run, "c"));
  EXPECT_EQ(xpath(document, "count(//testcase[flakyFailure]/system-out)"), "1");
  EXPECT_THAT(document, AllOf(HasSubstr("c/0.pcapng"), Not(HasSubstr("c/2.pcapng"))));
  EXPECT_EQ(xpath(document, "count(//testcase[count(system-out) > 1])"), "0");
}

TEST(JunitAttachmentsTest, StayWithinTheCapOfTheOutput) {
  const auto run = run_with_a_flood();
  const auto document = written(run, with_files(run, std::string(500, 'd')));
  const auto text = xpath(document, "string(//testcase/system-out)");
  EXPECT_LE(text.size(), 100'000U);
  EXPECT_THAT(text, EndsWith("d/0.pcapng]]\n"));
}

// A CI system would take that file from its machine and show it to whoever reads the report.
TEST(JunitAttachmentsTest, NobodyElseCanNameOne) {
  auto run = run_with("\n[[ATTACHMENT|/etc/passwd]]\n");
  run.results[0].attempts = {run.results[0]};
  for (const auto verdict : kVerdicts) {
    run.results[0].verdict = verdict;
    for (const auto& document : {written(run), written_for_xunit(run)})
      EXPECT_EQ(xpath(document, "count(//text()[contains(., '[[ATTACHMENT|')])"), "0");
  }
  run.results[0].verdict = Verdict::kFail;
  EXPECT_THAT(xpath(written(run), "string(//testcase/system-out)"),
              HasSubstr("\n[\\x5bATTACHMENT|/etc/passwd]]\n"));
}

}  // namespace
}  // namespace dialtone
