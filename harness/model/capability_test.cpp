#include "harness/model/capability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace dialtone {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(CapabilityTest, NamesAreUniqueAndFound) {
  std::set<std::string> seen;
  for (const auto& name : capability_names()) {
    EXPECT_TRUE(seen.insert(name).second) << name;
    ASSERT_NE(find_capability(name), nullptr);
    EXPECT_EQ(find_capability(name)->name, name);
  }
  EXPECT_EQ(seen.size(), capabilities().size());
  EXPECT_EQ(find_capability("telepathy"), nullptr);
  EXPECT_EQ(find_capability(""), nullptr);
}

TEST(CapabilityTest, NothingIsMissingWhereAllIsProvided) {
  EXPECT_EQ(missing_capability({}, {}), std::nullopt);
  EXPECT_EQ(missing_capability({"local"}, {"local", "process"}), std::nullopt);
}

TEST(CapabilityTest, SaysWhatIsMissing) {
  EXPECT_THAT(missing_capability({"local", "process"}, {"local"}),
              Optional(Eq("the target does not provide 'process' (C2: it is a program that we "
                          "launch, watch and stop)")));
  EXPECT_THAT(missing_capability({"telepathy"}, {}),
              Optional(Eq("the target does not provide 'telepathy'")));
}

TEST(CapabilityTest, WhatHasOneReasonToBeMissingSaysIt) {
  EXPECT_THAT(missing_capability({"any_segmentation"}, {}),
              Optional(Eq("the profile's framing is oneshot")));
  EXPECT_THAT(missing_capability({"reply_before_fin"}, {}),
              Optional(Eq("the profile's framing is until_eof")));
}

TEST(CapabilityTest, TheFramingSaysWhatFollowsFromIt) {
  const std::set<std::string> both{"any_segmentation", "reply_before_fin"};
  EXPECT_EQ(capabilities_of(std::nullopt), both);
  EXPECT_EQ(capabilities_of(DelimiterFraming{"\n"}), both);
  EXPECT_EQ(capabilities_of(LengthPrefixFraming{}), both);
  EXPECT_EQ(capabilities_of(FixedFraming{4}), both);
  EXPECT_EQ(capabilities_of(OneShotFraming{}), std::set<std::string>{"reply_before_fin"});
  EXPECT_EQ(capabilities_of(UntilEofFraming{}), std::set<std::string>{"any_segmentation"});
}

TEST(CapabilityTest, SummariesGoOnAfterIt) {
  for (const auto& capability : capabilities()) {
    const auto first = capability.summary.substr(0, capability.summary.find(' '));
    EXPECT_TRUE(first.ends_with('s') || first == "can") << capability.summary;  // "it answers"
  }
}

}  // namespace
}  // namespace dialtone
