#include "harness/model/variables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;

Template parsed(std::string_view text) { return std::get<Template>(Template::parse(text)); }

std::string mistake(std::string_view text) {
  const auto result = Template::parse(text);
  const auto* error = std::get_if<Template::SyntaxError>(&result);
  return error == nullptr ? "none" : error->message;
}

std::string resolved(std::string_view text, const Variables& known) {
  const auto result = parsed(text).resolve(known);
  const auto* unknown = std::get_if<Template::Unknown>(&result);
  return unknown == nullptr ? std::get<std::string>(result) : "unknown: " + unknown->name;
}

TEST(TemplateTest, TextWithoutNamesIsConstant) {
  EXPECT_THAT(parsed("").constant(), Optional(Eq("")));
  EXPECT_THAT(parsed("a { $ } $5 {b}").constant(), Optional(Eq("a { $ } $5 {b}")));
  EXPECT_TRUE(parsed("").empty());
  EXPECT_FALSE(parsed("a").empty());
}

TEST(TemplateTest, NamesAreFoundInOrder) {
  EXPECT_THAT(parsed("${b}x${a}${b}").names(), ElementsAre("b", "a", "b"));
  EXPECT_EQ(parsed("${b}x").constant(), std::nullopt);
}

TEST(TemplateTest, NamesAreFilledIn) {
  EXPECT_EQ(resolved("<${a}${b}>", {{"a", "1"}, {"b", "2"}}), "<12>");
  EXPECT_EQ(resolved("${target.port}", {{"target.port", "80"}}), "80");
}

TEST(TemplateTest, TheFirstUnknownNameIsNamed) {
  EXPECT_EQ(resolved("${a}${b}${c}", {{"a", "1"}}), "unknown: b");
}

TEST(TemplateTest, TwoDollarsStandForALiteralBrace) {
  EXPECT_THAT(parsed("$${a}").constant(), Optional(Eq("${a}")));
  EXPECT_THAT(parsed("x$${").constant(), Optional(Eq("x${")));
  EXPECT_EQ(resolved("$${a}${a}$${", {{"a", "1"}}), "${a}1${");
  EXPECT_EQ(resolved("$$${a}", {{"a", "1"}}), "$${a}");
}

TEST(TemplateTest, AValueIsTakenAsItStands) {
  EXPECT_EQ(resolved("${a}", {{"a", "${b}"}, {"b", "1"}}), "${b}");
  EXPECT_THAT(parsed("${a}").with({{"a", "${b}"}}).names(), IsEmpty());
}

TEST(TemplateTest, WithFillsInOnlyWhatIsKnown) {
  const auto half = parsed("a${x}b${y}c").with({{"x", "1"}});
  EXPECT_THAT(half.names(), ElementsAre("y"));
  EXPECT_THAT(half.with({{"y", "2"}}).constant(), Optional(Eq("a1b2c")));
}

TEST(TemplateTest, MistakesAreSaid) {
  EXPECT_EQ(mistake("${"), "'${' is never closed");
  EXPECT_EQ(mistake("a${b"), "'${' is never closed");
  EXPECT_EQ(mistake("${a ${b}"), "'${' is never closed");
  EXPECT_EQ(mistake("${}"), "'${}' names no variable");
  EXPECT_EQ(mistake("$${"), "none");
}

}  // namespace
}  // namespace dialtone
