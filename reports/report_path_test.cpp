#include "reports/report_path.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace dialtone {
namespace {

TEST(ReportPathTest, DropsALeadingDot) {
  EXPECT_EQ(report_path("./scenarios/a.json"), "scenarios/a.json");
  EXPECT_EQ(report_path("scenarios//robust/../a.json"), "scenarios/a.json");
}

TEST(ReportPathTest, IsRelativeBelowTheRoot) {
  EXPECT_EQ(report_path("/repo/scenarios/a.json", "/repo"), "scenarios/a.json");
  EXPECT_EQ(report_path("/repo/scenarios/a.json", "/repo/"), "scenarios/a.json");
}

TEST(ReportPathTest, StaysAbsoluteElsewhere) {
  EXPECT_EQ(report_path("/other/a.json", "/repo"), "/other/a.json");
  EXPECT_EQ(report_path("/repository/a.json", "/repo"), "/repository/a.json");
}

TEST(ReportPathTest, TheRootIsTheCurrentDirectoryWhereNoneIsGiven) {
  EXPECT_EQ(report_path((std::filesystem::current_path() / "a.json").string()), "a.json");
}

TEST(ReportPathTest, ARelativeNameIsToldFromARootAboveTheCurrentDirectory) {
  const auto here = std::filesystem::current_path();
  EXPECT_EQ(report_path("./a.json", here.parent_path().string()),
            here.filename().string() + "/a.json");
  EXPECT_EQ(report_path("./a.json", here.string()), "a.json");
}

TEST(ReportPathTest, NoFileIsNoPath) { EXPECT_EQ(report_path(""), ""); }

}  // namespace
}  // namespace dialtone
