// What programs of others read in our JUnit. Those that are not installed are named when their
// tests are skipped; ci/deps.sh installs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "harness/cli/e2e_readers_fixture.hpp"
#include "harness/cli/e2e_readers_support.hpp"
#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

const Outcomes kOutcomes{{"R-1", "failed"},  {"R-2", "skipped"}, {"R-3", "passed"},
                         {"R-4", "skipped"}, {"R-5", "skipped"}, {"R-6", "passed"},
                         {"R-7", "failed"}};

TEST_F(ReadersTest, TheSchemasHold) {
  EXPECT_EQ(schema_complaints(read_text(xunit_), "jenkins-xunit-junit-10.xsd"), "");
  const auto document = read_text(junit_);
  EXPECT_EQ(xml_complaints(document), "");
  // The schema of Surefire is of one suite, and does not know what other readers want of it.
  const auto suite = xpath(document, "/testsuites/testsuite");
  ASSERT_THAT(suite, StartsWith("<testsuite "));
  const std::regex unknown(R"re(( hostname| id| file| line)="[^"]*")re");
  EXPECT_EQ(schema_complaints(std::regex_replace(suite, unknown, ""), "surefire-test-report.xsd"),
            "");
}

TEST_F(ReadersTest, JunitToCtrfConvertsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto converted = dir_.path("converted.json");
    const auto read = read_with({npm("junit-to-ctrf"), report, "-o", converted, "-u", "false"});
    if (!read) GTEST_SKIP() << "junit-to-ctrf (npm) is not installed";
    EXPECT_EQ(read->exit_code, 0) << read->how << read->err;
    Outcomes outcomes;
    const auto results = json::parse(read_text(converted)).at("results");
    for (const auto& test : results.at("tests")) outcomes[id_of(test.at("name"))] = test["status"];
    EXPECT_EQ(outcomes, kOutcomes);
    const auto& failed = results.at("tests").at(0);
    EXPECT_EQ(failed.at("message"), "step 3: octets differ at offset 0");
    EXPECT_THAT(failed.at("trace").get<std::string>(), HasSubstr("<script>x</script>"));
    EXPECT_EQ(results.at("summary").at("flaky"), 1);
    EXPECT_EQ(results.at("tests").at(5).at("flaky"), true);
  }
}

TEST_F(ReadersTest, Junit2jsonReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({npm("junit2json"), report});
    if (!read) GTEST_SKIP() << "junit2json (npm) is not installed";
    ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
    const auto suite = json::parse(read->out).at("testsuite").at(0);
    EXPECT_EQ(suite.at("tests"), 7);
    EXPECT_EQ(suite.at("failures"), 1);
    EXPECT_EQ(suite.at("errors"), 1);
    EXPECT_EQ(suite.at("skipped"), 3);
    Outcomes outcomes;
    for (const auto& test : suite.at("testcase"))
      outcomes[id_of(test.at("name"))] = test.contains("failure") || test.contains("error")
                                             ? "failed"
                                         : test.contains("skipped") ? "skipped"
                                                                    : "passed";
    EXPECT_EQ(outcomes, kOutcomes);
  }
}

TEST_F(ReadersTest, JunitReportMergerAddsThemUp) {
  const auto merged = dir_.path("merged.xml");
  const auto read = read_with({npm("jrm"), merged, junit_, xunit_});
  if (!read) GTEST_SKIP() << "junit-report-merger (npm) is not installed";
  ASSERT_EQ(read->exit_code, 0) << read->how << read->err;
  const auto xml = read_text(merged);
  EXPECT_THAT(xml, HasSubstr(R"(<testsuites tests="14" failures="2" errors="2" skipped="6")"));
  EXPECT_EQ(occurrences("<testcase ", xml), 14);
  EXPECT_EQ(xml_mistakes(merged).value_or(""), "");
}

TEST_F(ReadersTest, JunitparserReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({python(), kReaders + "junitparser_counts.py", report});
    if (read && read->err.find("No module named 'junitparser'") != Bytes::npos)
      GTEST_SKIP() << "python3-junitparser is not installed";
    ASSERT_TRUE(read);
    EXPECT_EQ(read->out,
              "7 1 1 3\nR-1 Failure\nR-2 Skipped\nR-3 Passed\nR-4 Skipped\nR-5 Skipped\n"
              "R-6 Passed\nR-7 Error\n")
        << read->err;
  }
}

TEST_F(ReadersTest, ActiveSupportReadsBothDialects) {
  for (const auto& report : {junit_, xunit_}) {
    const auto read = read_with({"/usr/bin/ruby", kReaders + "hash_from_xml.rb", report});
    if (!read || read->err.find("cannot load such file") != Bytes::npos)
      GTEST_SKIP() << "ruby-activesupport is not installed";
    EXPECT_EQ(read->out,
              "7 1 1 3\nR-1 failure\nR-2 skipped\nR-3 passed\nR-4 skipped\nR-5 skipped\n"
              "R-6 passed\nR-7 error\n")
        << read->err;
  }
}

}  // namespace
}  // namespace dialtone
