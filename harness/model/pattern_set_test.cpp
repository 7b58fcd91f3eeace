#include "harness/model/pattern_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone {
namespace {

using testing::ElementsAre;

/// "end:length/owner" of each match.
std::vector<std::string> matches(const PatternSet& set, ByteView octets) {
  std::vector<std::string> found;
  PatternSet::State state{};
  for (std::size_t at = 0; at < octets.size(); ++at) {
    state = set.next(state, octets[at]);
    const auto match = set.match(state);
    if (match.length > 0)
      found.push_back(std::to_string(at + 1) + ":" + std::to_string(match.length) + "/" +
                      std::to_string(match.owner));
  }
  return found;
}

TEST(PatternSetTest, FindsTheLongestPatternThatEndsAtEachPlace) {
  const PatternSet set({{"he", 0}, {"she", 1}, {"hers", 2}, {"his", 3}});
  EXPECT_THAT(matches(set, "ushers this"), ElementsAre("4:3/1", "6:4/2", "11:3/3"));
}

TEST(PatternSetTest, APatternThatBeginsWithinAnotherIsFound) {
  EXPECT_THAT(matches(PatternSet({{"aab", 0}}), "aaab"), ElementsAre("4:3/0"));
  EXPECT_THAT(matches(PatternSet({{"abcd", 0}, {"bc", 1}}), "abcx"), ElementsAre("3:2/1"));
}

TEST(PatternSetTest, HoldsAnyOctet) {
  const Bytes odd("\0\xff\x80", 3);
  EXPECT_THAT(matches(PatternSet({{odd, 5}}), "a" + odd + odd), ElementsAre("4:3/5", "7:3/5"));
}

TEST(PatternSetTest, KnowsHowMuchMayStillBecomeAPattern) {
  const PatternSet set({{"abcabd", 0}});
  PatternSet::State state{};
  std::vector<std::size_t> depths;
  for (const char octet : std::string("abcabcx")) {
    state = set.next(state, octet);
    depths.push_back(set.depth(state));
  }
  EXPECT_THAT(depths, ElementsAre(1, 2, 3, 4, 5, 3, 0));
}

TEST(PatternSetTest, WithoutPatternsFindsNothing) {
  EXPECT_TRUE(matches(PatternSet({}), "abc").empty());
  EXPECT_TRUE(matches(PatternSet({{"", 1}}), "abc").empty());
}

}  // namespace
}  // namespace dialtone
