#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A user's own suite: one request, one reply.
std::string own_suite(const TemporaryDirectory& directory, std::string_view keys = {}) {
  const std::string steps =
      R"("server": {"personality": "line"}, "steps": [{"connect": "c"}, {"send": "one\n"}, {"expect": "thank you !\n"}])";
  return directory.write(
      "own.json", suite_json("own", R"({"id": "OWN-1", )" + std::string(keys) + steps + "}"));
}

TEST(VaryTest, ACutFindsTheServerThatTakesOneRecvForARequest) {
  const TemporaryDirectory directory;
  const auto suite = own_suite(directory);
  const Words with_fault{"run", suite, "--fault", "recv-framing"};
  EXPECT_EQ(run_dialtone(with_fault).exit_code, 0);
  auto varied = with_fault;
  varied.insert(varied.end(), {"--vary", "segmentation"});
  const auto result = run_dialtone(varied);
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("with the send of step 2 on 'c' cut after octet 1 of 4, "
                                    "where it passes whole: "));
  EXPECT_THAT(result.out, HasSubstr("--vary segmentation"));  // to run it again
}

TEST(VaryTest, ASoundServerPassesAllVariantsAndTheReportCountsThem) {
  const TemporaryDirectory directory;
  const auto report = directory.path("junit.xml");
  const auto result = run_dialtone({"run", own_suite(directory), "--vary", "segmentation", "--vary",
                                    "timing", "--report", "junit=" + report});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("7 variants, "));
  EXPECT_THAT(read_text(report), HasSubstr(R"(<property name="dialtone.variants" value="7"/>)"));
  const auto mistakes = xml_mistakes(report);
  EXPECT_EQ(mistakes.value_or(""), "");
}

TEST(VaryTest, AReasonNotToVaryIsTold) {
  const TemporaryDirectory directory;
  const auto suite =
      own_suite(directory, R"("no_vary": {"segmentation": "one recv, one request"}, )");
  const auto result =
      run_dialtone({"run", suite, "--fault", "recv-framing", "--vary", "segmentation"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("not cut: one recv, one request"));
  EXPECT_THAT(result.out, Not(HasSubstr("variants, ")));
}

// The pauses of a slow reader would count as the server's.
TEST(VaryTest, AMedianOfTimesHasNoOtherTiming) {
  const auto result = run_dialtone(
      {"run", DIALTONE_SOURCE_DIR "/scenarios/robust", "--filter", "ROB-24", "--vary", "timing"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("no other timing: a slow reader's own pauses would count"));
  EXPECT_THAT(result.out, Not(HasSubstr("variants, ")));
}

TEST(VaryTest, AnUnknownKindIsAMistakeThatNamesTheChoices) {
  const auto result = run_dialtone({"run", kArticle, "--vary", "segments"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("segmentation"));
  EXPECT_THAT(result.err, HasSubstr("timing"));
}

}  // namespace
}  // namespace dialtone
