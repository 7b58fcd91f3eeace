#include "harness/cli/framing_option.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using testing::HasSubstr;

std::string json_of(const std::string& typed) {
  const auto result = parse_framing(typed);
  const auto* problem = std::get_if<std::string>(&result);
  return problem == nullptr ? std::get<TypedFraming>(result).json : "problem: " + *problem;
}

TEST(FramingOptionTest, EachFormIsWhatAProfileHas) {
  EXPECT_EQ(json_of("line"), R"("line")");
  EXPECT_EQ(json_of("oneshot"), R"("oneshot")");
  EXPECT_EQ(json_of("oneshot:1024"), R"({ "oneshot": 1024 })");
  EXPECT_EQ(json_of("until_eof"), R"("until_eof")");
  EXPECT_EQ(json_of("fixed:16"), R"({ "fixed": 16 })");
  EXPECT_EQ(json_of(R"(delimiter:\r\n)"), R"({ "delimiter": "\r\n" })");
  EXPECT_EQ(json_of(R"(delimiter:\0)"), R"({ "delimiter": { "hex": "00" } })");
  EXPECT_EQ(json_of("delimiter:,"), R"({ "delimiter": "," })");
  EXPECT_EQ(json_of("length_prefix:4"),
            R"({ "length_prefix": { "octets": 4, "order": "big", "counts": "body" } })");
  EXPECT_EQ(json_of("length_prefix:2,whole,little"),
            R"({ "length_prefix": { "octets": 2, "order": "little", "counts": "whole" } })");
  EXPECT_EQ(json_of("unknown"), "");
}

TEST(FramingOptionTest, WhatIsNoneSaysWhatIsOne) {
  for (const auto* typed : {"", "lines", "line:1", "fixed", "fixed:", "fixed:x", "fixed:-1",
                            "fixed:01", "delimiter:\\q", "length_prefix:", "length_prefix:4,",
                            "length_prefix:4,middle", "fixed:9999999999", "\"line\""}) {
    EXPECT_THAT(json_of(typed), HasSubstr("problem: it must be line, oneshot")) << typed;
  }
  EXPECT_THAT(json_of("length_prefix:5"), HasSubstr("a length cannot have 5 octets"));
  EXPECT_THAT(json_of("fixed:0"), HasSubstr("must be between 1 and"));
  EXPECT_THAT(json_of("delimiter:"), HasSubstr("'delimiter' is empty"));
}

}  // namespace
}  // namespace dialtone
