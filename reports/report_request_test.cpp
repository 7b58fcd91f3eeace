#include "reports/report_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/registry.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

ReportRequest parsed(std::string_view text) {
  auto result = parse_report_request(text);
  if (auto* request = std::get_if<ReportRequest>(&result)) return *request;
  ADD_FAILURE() << std::get<std::string>(result);
  return {};
}

std::string complaint(std::string_view text) {
  const auto result = parse_report_request(text);
  return std::holds_alternative<std::string>(result) ? std::get<std::string>(result) : "";
}

TEST(ReportRegistryTest, EveryFormatIsFoundByItsName) {
  ASSERT_FALSE(report_formats().empty());
  for (const auto* format : report_formats()) {
    EXPECT_EQ(find_report_format(format->name), format);
    EXPECT_FALSE(format->summary.empty());
  }
  EXPECT_EQ(find_report_format("unheard-of"), nullptr);
}

TEST(ReportRequestTest, ReadsFormatVariantAndPath) {
  const auto request = parsed("junit:jenkins-xunit=build/a.xml");
  EXPECT_EQ(request.format->name, "junit");
  EXPECT_EQ(request.options.variant, "jenkins-xunit");
  EXPECT_EQ(request.path, "build/a.xml");
}

TEST(ReportRequestTest, VariantAndPathMayBeLeftOut) {
  EXPECT_EQ(parsed("junit").path, "");
  EXPECT_EQ(parsed("junit").options.variant, "");
  EXPECT_EQ(parsed("junit=a.xml").path, "a.xml");
  EXPECT_EQ(parsed("junit:portable").options.variant, "portable");
}

TEST(ReportRequestTest, APathMayHoldColonAndEquals) {
  EXPECT_EQ(parsed("junit=a:b=c.xml").path, "a:b=c.xml");
}

TEST(ReportRequestTest, AnUnknownFormatIsNamedWithAHint) {
  EXPECT_EQ(complaint("junitt=a.xml"), "unknown report format 'junitt' (did you mean 'junit'?)");
}

TEST(ReportRequestTest, AnUnknownVariantIsNamedWithAHint) {
  EXPECT_EQ(complaint("junit:portabel"),
            "report format 'junit' has no variant 'portabel' (did you mean 'portable'?)");
}

TEST(ReportRequestTest, AnEmptyPathIsAMistake) {
  EXPECT_EQ(complaint("junit="), "'junit=' names no file after '='");
}

TEST(WriteReportTest, WithoutAPathItGoesToStandardOutput) {
  std::ostringstream out;
  EXPECT_EQ(write_report(parsed("junit"), make_run(), out), std::nullopt);
  EXPECT_THAT(out.str(), HasSubstr("<testsuites"));
}

TEST(WriteReportTest, AStreamThatTookNothingIsAnError) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(write_report(parsed("junit"), make_run(), out),
            "cannot write the report to standard output");
}

TEST(WriteReportTest, AFileThatCannotBeWrittenIsAnError) {
  std::ostringstream out;
  EXPECT_THAT(write_report(parsed("junit=/dev/full"), make_run(), out).value_or(""),
              HasSubstr("(ENOSPC)"));
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace dialtone
