#include "harness/net/proc_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace dialtone {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(ProcTextTest, ANumberIsAllOfTheText) {
  EXPECT_THAT(parse_number<int>("42"), Optional(42));
  EXPECT_THAT(parse_number<std::uint16_t>("1E6C", 16), Optional(7788));
  for (const auto* text : {"", "4 2", "42x", "x42", " 42", "+42"})
    EXPECT_THAT(parse_number<int>(text), Eq(std::nullopt)) << text;
}

TEST(ProcTextTest, ANumberThatDoesNotFitIsNone) {
  EXPECT_THAT(parse_number<std::uint16_t>("65536"), Eq(std::nullopt));
  EXPECT_THAT(parse_number<std::uint16_t>("-1"), Eq(std::nullopt));
}

TEST(ProcTextTest, WordsAreTakenOneAfterAnother) {
  std::string_view line = "  sl  local ";
  EXPECT_EQ(take_word(line), "sl");
  EXPECT_EQ(take_word(line), "local");
  EXPECT_EQ(take_word(line), "");
  EXPECT_EQ(take_word(line), "");
}

}  // namespace
}  // namespace dialtone
