#include "reports/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/log_test_support.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

TEST(JsonReportTest, OfTheLogIsThatOfTheRun) {
  EXPECT_EQ(written(kJsonReport, by_log(sample_run())), written(kJsonReport, sample_run()));
}

TEST(JsonReportTest, IsOneDocumentOfTheWholeRun) {
  const auto json = nlohmann::json::parse(written(kJsonReport, sample_run()));
  EXPECT_EQ(json["format"], "dialtone-json");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["dialtone"], DIALTONE_VERSION);
  EXPECT_EQ(json["target"], "my server");
  EXPECT_EQ(json["started_ns"], 1'795'355'707'000'000'000);
  EXPECT_EQ(json["took_ns"], 420'000'000);
  EXPECT_EQ(json["totals"],
            nlohmann::json::parse(
                R"({"pass":1,"fail":1,"warn":1,"error":1,"known":1,"skip":1,"flaky":0})"));
  EXPECT_EQ(json["suites"].size(), 2U);
  EXPECT_EQ(json["definitions"].size(), 6U);
  ASSERT_EQ(json["results"].size(), 6U);
  const auto& first = json["results"][0];
  EXPECT_EQ(first["id"], "ART-09");
  EXPECT_EQ(first["verdict"], "fail");
  EXPECT_EQ(first["problem"]["bytes"]["actual"], "ced2baddbac32cc4e3c4d8");
  EXPECT_EQ(first["transcript"][1]["kind"], "sent");
  EXPECT_EQ(first["transcript"][1]["octets"], "c4e3bac3b0a1");
}

TEST(JsonReportTest, ARunOfNothingIsADocumentToo) {
  const auto json = nlohmann::json::parse(written(kJsonReport, make_run()));
  EXPECT_TRUE(json["results"].empty());
  EXPECT_FALSE(json["interrupted"]);
}

}  // namespace
}  // namespace dialtone
