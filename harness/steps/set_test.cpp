#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/steps/step_test_support.hpp"

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(SetTest, LaterStepsKnowTheValue) {
  std::string heard;
  const auto result =
      run_against([&](PeerSocket& peer, ScenarioLoop&) { heard = peer.receive(5); },
                  R"({"connect": "c"}, {"set": "word", "to": "abc"}, {"send": "<${word}>"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
  EXPECT_EQ(heard, "<abc>");
}

TEST(SetTest, ItKeepsWhatAVariableWasThen) {
  const auto result = run_against(
      [](PeerSocket& peer, ScenarioLoop&) {
        peer.send("1\n2\n");
        peer.receive(3);
        peer.close();
      },
      R"({"connect": "c"}, {"expect": {"until": "\n"}, "capture": "line"}, {"set": "first", "to": "${line}"},
         {"expect": {"until": "\n"}, "capture": "line"}, {"send": "${first}-${line}"}, {"expect_eof": "c"})");
  EXPECT_EQ(outcome_of(result), "pass") << result.problem.message;
}

TEST(SetTest, AValueNeedsVariablesThatThereAre) {
  EXPECT_THAT(mistakes_of(R"({"set": "n", "to": "${n}1"})"),
              StartsWith("test.json:1:93: unknown variable 'n'"));
  EXPECT_THAT(mistakes_of(R"({"set": "n"})"), HasSubstr("step 'set' needs 'to'"));
}

TEST(SetTest, NamesOfAddressesAreNotSet) {
  EXPECT_THAT(mistakes_of(R"({"set": "target.port", "to": "1"})"),
              HasSubstr("bad name 'target.port' for a variable"));
}

}  // namespace
}  // namespace dialtone
