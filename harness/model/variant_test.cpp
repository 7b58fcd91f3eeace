#include "harness/model/variant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SeenSend send_of(std::size_t octets, std::string label, std::string connection = "c") {
  return {nullptr, std::move(connection), octets, std::move(label)};
}

VariantList list_of(const std::vector<SeenSend>& sends, const VaryOptions& options,
                    NoVary no_vary = {}) {
  Scenario scenario;
  scenario.no_vary = std::move(no_vary);
  return variants_of(scenario, sends, options);
}

std::vector<std::string> named(const VariantList& list) {
  std::vector<std::string> names;
  for (const auto& variant : list.variants) names.push_back(describe(variant));
  return names;
}

const VaryOptions kSegmentation{.segmentation = true};
const VaryOptions kTiming{.timing = true};

TEST(VariantTest, EachInnerBoundaryOfEachSendIsCutThenAllOctetByOctet) {
  EXPECT_THAT(
      named(list_of({send_of(3, "2"), send_of(1, "4"), send_of(2, "5", "d")}, kSegmentation)),
      ElementsAre("the send of step 2 on 'c' cut after octet 1 of 3",
                  "the send of step 2 on 'c' cut after octet 2 of 3",
                  "the send of step 5 on 'd' cut after octet 1 of 2", "every send octet by octet"));
}

TEST(VariantTest, WhereOctetByOctetIsTheOnlyCutItIsNotRunTwice) {
  EXPECT_THAT(list_of({send_of(2, "1")}, kSegmentation).variants, SizeIs(1));
}

TEST(VariantTest, WhatSendsNothingThatCanBeCutHasNone) {
  EXPECT_THAT(list_of({}, kSegmentation).variants, IsEmpty());
  EXPECT_THAT(list_of({send_of(0, "1"), send_of(1, "2")}, kSegmentation).variants, IsEmpty());
}

TEST(VariantTest, AboveTheLimitTheCutsAreASampleThatTheSeedDecides) {
  const auto of_seed = [](std::uint64_t seed) {
    return list_of({send_of(1000, "1")}, {.segmentation = true, .seed = seed, .limit = 10});
  };
  const auto list = of_seed(1);
  EXPECT_THAT(list.variants, SizeIs(11));  // and octet by octet
  EXPECT_EQ(list.cuts, 10U);
  EXPECT_EQ(list.possible_cuts, 999U);
  EXPECT_EQ(named(list), named(of_seed(1)));
  EXPECT_NE(named(list), named(of_seed(2)));
}

// A server that breaks only between CR and LF once showed "every send octet by octet" alone.
TEST(VariantTest, ASampleHasTheFirstAndTheLastBoundaryOfEachSend) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto list = list_of({send_of(500, "1"), send_of(300, "2")},
                              {.segmentation = true, .seed = seed, .limit = 10});
    std::set<std::pair<std::string, std::size_t>> cuts;
    for (const auto& variant : list.variants)
      if (variant.kind == Variant::Kind::kCut) cuts.emplace(variant.send.label, variant.cut);
    EXPECT_EQ(cuts.size(), 10U);
    for (const auto& edge : {std::pair{"1", 1U}, {"1", 499U}, {"2", 1U}, {"2", 299U}})
      EXPECT_TRUE(cuts.contains({edge.first, edge.second})) << edge.first << " " << edge.second;
  }
}

TEST(VariantTest, ManySendsLeaveHalfOfASampleToChance) {
  const std::vector<SeenSend> sends(100, send_of(50, "1"));
  EXPECT_EQ(list_of(sends, {.segmentation = true, .limit = 9}).cuts, 9U);
}

TEST(VariantTest, LargePayloadsAreCutInFewPlaces) {
  EXPECT_EQ(list_of({send_of(400'000, "1")}, kSegmentation).cuts, 10U);
  EXPECT_EQ(list_of({send_of(8'000'000, "1")}, kSegmentation).cuts, 4U);
}

TEST(VariantTest, TimingPausesAndReadsSlowly) {
  EXPECT_THAT(named(list_of({send_of(3, "1")}, kTiming)),
              ElementsAre("every send in two halves, 30ms apart",
                          "a pause of 30ms before every send", "replies read slowly"));
  EXPECT_THAT(named(list_of({}, kTiming)), ElementsAre("replies read slowly"));
}

TEST(VariantTest, ThePausesOfManySendsAreShort) {
  const std::vector<SeenSend> sends(200, send_of(3, "1"));
  EXPECT_EQ(list_of(sends, kTiming).variants.front().pause, milliseconds(5));
}

TEST(VariantTest, AReasonLeavesOutItsKind) {
  const auto uncut =
      list_of({send_of(3, "1")}, {.segmentation = true, .timing = true}, {"one recv", ""});
  EXPECT_THAT(named(uncut),
              ElementsAre("a pause of 30ms before every send", "replies read slowly"));
  EXPECT_THAT(uncut.none, ElementsAre("not cut: one recv"));
  const auto hasty =
      list_of({send_of(2, "1")}, {.segmentation = true, .timing = true}, {"", "a limit"});
  EXPECT_THAT(hasty.variants, SizeIs(1));
  EXPECT_THAT(hasty.none, ElementsAre("no other timing: a limit"));
}

TEST(SampleTest, HoldsDifferentNumbersOfTheRangeInOrder) {
  const auto numbers = sample(20, 8, 7);
  EXPECT_THAT(numbers, SizeIs(8));
  EXPECT_EQ(std::ranges::adjacent_find(numbers, std::ranges::greater_equal()), numbers.end());
  EXPECT_THAT(numbers, Each(testing::AllOf(testing::Ge(1U), testing::Le(20U))));
  EXPECT_THAT(sample(3, 8, 7), ElementsAre(1, 2, 3));
  EXPECT_THAT(sample(0, 8, 7), IsEmpty());
}

TEST(SegmentationTest, ACutIsForItsSendAlone) {
  const auto variant = list_of({send_of(3, "1")}, kSegmentation).variants.back();
  const Variant cut{.kind = Variant::Kind::kCut, .send = send_of(5, "1"), .cut = 2};
  EXPECT_THAT(segmentation_of(cut, nullptr, "c", 5).cuts, ElementsAre(2));
  EXPECT_THAT(segmentation_of(cut, nullptr, "d", 5).cuts, IsEmpty());
  EXPECT_THAT(segmentation_of(variant, nullptr, "d", 4).cuts, ElementsAre(1, 2, 3));
  EXPECT_THAT(segmentation_of({}, nullptr, "c", 5).cuts, IsEmpty());
}

TEST(SegmentationTest, ALongSendIsNotSentInSingleOctets) {
  const Variant octets{.kind = Variant::Kind::kOctets};
  EXPECT_THAT(segmentation_of(octets, nullptr, "c", kMostSingleOctets).cuts, SizeIs(4095));
  EXPECT_THAT(segmentation_of(octets, nullptr, "c", kMostSingleOctets + 1).cuts, SizeIs(256));
}

TEST(SegmentationTest, HalvesHaveAPauseBetweenThem) {
  const Variant halves{.kind = Variant::Kind::kHalves, .pause = milliseconds(30)};
  const auto five = segmentation_of(halves, nullptr, "c", 5);
  EXPECT_THAT(five.cuts, ElementsAre(2));
  EXPECT_EQ(five.between, milliseconds(30));
  EXPECT_THAT(segmentation_of(halves, nullptr, "c", 1).cuts, IsEmpty());
  const Variant late{.kind = Variant::Kind::kLate, .pause = milliseconds(30)};
  EXPECT_EQ(segmentation_of(late, nullptr, "c", 1).before, milliseconds(30));
}

}  // namespace
}  // namespace dialtone
