#include "reports/report_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

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

/// A variable of the environment, while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name_, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(ReportRequestTest, TheEnvironmentSaysWhereTheRepositoryAndTheSummaryAre) {
  const Variable workspace("GITHUB_WORKSPACE", "/repo");
  const Variable summary("GITHUB_STEP_SUMMARY", "/tmp/summary.md");
  for (const auto* text : {"github", "github:annotations"}) {
    EXPECT_EQ(parsed(text).options.root, "/repo");
    EXPECT_EQ(parsed(text).append_to, "/tmp/summary.md");
  }
  EXPECT_EQ(parsed("github:summary=a.md").append_to, "");
  EXPECT_EQ(parsed("github:summary=a.md").options.root, "/repo");
  EXPECT_EQ(parsed("junit").append_to, "");
  EXPECT_EQ(parsed("tap").options.root, "");
}

TEST(WriteReportTest, WhatGoesWithItIsAppended) {
  const auto file = testing::TempDir() + "dialtone-summary-" + std::to_string(::getpid());
  const Variable summary("GITHUB_STEP_SUMMARY", file);
  std::ofstream(file) << "before\n";
  std::ostringstream out;
  EXPECT_EQ(write_report(parsed("github"), sample_run(), out), std::nullopt);
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  std::remove(file.c_str());
  EXPECT_THAT(content.str(), testing::StartsWith("before\n## dialtone: `my server`"));
  EXPECT_THAT(out.str(), testing::StartsWith("::error "));
}

TEST(WriteReportTest, WhatCannotBeAppendedIsAnError) {
  const Variable summary("GITHUB_STEP_SUMMARY", "/dev/full");
  std::ostringstream out;
  EXPECT_THAT(write_report(parsed("github"), sample_run(), out).value_or(""),
              HasSubstr("(ENOSPC)"));
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

TEST(ReportRequestTest, AttachmentsMayBeAbsoluteBesideAVariant) {
  EXPECT_FALSE(parsed("junit:portable=a.xml").options.absolute_attachments);
  EXPECT_TRUE(parsed("junit:absolute-attachments=a.xml").options.absolute_attachments);
  for (const auto* text : {"junit:jenkins-xunit,absolute-attachments=a.xml",
                           "junit:absolute-attachments,jenkins-xunit=a.xml"}) {
    EXPECT_TRUE(parsed(text).options.absolute_attachments);
    EXPECT_EQ(parsed(text).options.variant, "jenkins-xunit");
    EXPECT_EQ(parsed(text).path, "a.xml");
  }
  EXPECT_THAT(complaint("junit:absolute-attachment"), HasSubstr("'absolute-attachments'"));
  EXPECT_NE(complaint("junit:portable,jenkins-xunit"), "");
  EXPECT_NE(complaint("junit:portable,"), "");
  EXPECT_NE(complaint("tap:absolute-attachments"), "");
}

TEST(ReportRequestTest, TheRootOfJunitIsTheRepositorysWhereTheEnvironmentNamesOne) {
  const Variable none("CI_PROJECT_DIR", "");
  const Variable github("GITHUB_WORKSPACE", "/repo");
  EXPECT_EQ(parsed("junit").options.root, "/repo");
  const Variable gitlab("CI_PROJECT_DIR", "/builds/mine");
  EXPECT_EQ(parsed("junit").options.root, "/builds/mine");
}

TEST(ReportRequestTest, FilesOfOneReportAreAttachmentsOfAnother) {
  const ReportFormat folder{.name = "folder",
                            .summary = {},
                            .variants = {},
                            .write = nullptr,
                            .names = [](const RunResult& run) {
                              std::vector<std::string> names(run.results.size());
                              names[0] = "first.bin";
                              return names;
                            }};
  std::vector<ReportRequest> requests{parsed("junit=a.xml"), parsed("tap=a.tap")};
  requests.push_back({.format = &folder, .options = {}, .path = "build/files", .append_to = {}});
  const auto run = sample_run();
  attach_files(requests, run);
  const auto& attached = requests[0].options.attachments;
  ASSERT_EQ(attached.size(), run.results.size());
  EXPECT_THAT(attached[0], testing::ElementsAre("build/files/first.bin"));
  EXPECT_THAT(attached[1], testing::IsEmpty());
  EXPECT_THAT(requests[1].options.attachments, testing::IsEmpty());
}

TEST(ReportRequestTest, ADirectoryNeedsAName) {
  EXPECT_EQ(parsed("pcapng=build/captures").path, "build/captures");
  EXPECT_THAT(complaint("pcapng"), HasSubstr("a directory, which needs a name (pcapng=DIR)"));
}

TEST(WriteReportTest, ADirectoryGetsItsFiles) {
  const auto directory = testing::TempDir() + "dialtone-captures-" + std::to_string(::getpid());
  std::ostringstream out;
  const auto problem = write_report(parsed("pcapng=" + directory + "/new"), sample_run(), out);
  EXPECT_EQ(problem, std::nullopt);
  EXPECT_EQ(out.str(), "");
  EXPECT_TRUE(std::ifstream(directory + "/new/article.samples_ART-09.pcapng"));
  std::filesystem::remove_all(directory);
}

TEST(WriteReportTest, ADirectoryThatCannotBeIsOneError) {
  std::ostringstream out;
  EXPECT_THAT(write_report(parsed("pcapng=/dev/null/x"), sample_run(), out).value_or(""),
              testing::MatchesRegex("cannot write /dev/null/x/[^/]*: .*\\(ENOTDIR\\)"));
}

}  // namespace
}  // namespace dialtone
