#include "harness/model/json_substitute.hpp"

#include <gtest/gtest.h>

#include <string>

#include "harness/model/json_text.hpp"

namespace dialtone {
namespace {

JsonNode node_of(const std::string& text) {
  Diagnostics diagnostics;
  const auto node = parse_json("x.json", text, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(render(diagnostics.front()));
  return node.value();
}

std::string own_name(const JsonNode& object) {
  const auto* as = object.find("as");
  return as == nullptr ? std::string() : as->string;
}

/// `text` with the members of the object `values` in place of their names, on one line.
std::string substituted(const std::string& text, const std::string& values) {
  NodeValues named;
  for (const auto& member : node_of(values).members) named.emplace(member.key, member.value);
  return to_line(substitute(node_of(text), named, own_name));
}

TEST(JsonSubstituteTest, AWholeTextBecomesTheValueOfAnyKind) {
  EXPECT_EQ(substituted(R"(["${a}", "${b}", "${c}"])", R"({"a": {"hex": "00"}, "b": 3, "c": "x"})"),
            R"([{"hex": "00"}, 3, "x"])");
}

TEST(JsonSubstituteTest, InsideALongerTextItIsTheValuesText) {
  EXPECT_EQ(substituted(R"("c${a}-${b}.port")", R"({"a": "x", "b": 12})"), R"("cx-12.port")");
}

TEST(JsonSubstituteTest, NamesWithoutAValueStay) {
  EXPECT_EQ(substituted(R"(["${a}", "1${a}2${b}"])", R"({"b": "x"})"), R"(["${a}", "1${a}2x"])");
}

TEST(JsonSubstituteTest, AnEscapedNameStaysEscaped) {
  EXPECT_EQ(substituted(R"(["$${a}", "$${a} ${a}", "$$${a}", "a$${"])", R"({"a": "x"})"),
            R"(["$${a}", "$${a} x", "$$${a}", "a$${"])");
}

TEST(JsonSubstituteTest, AValueMayReferToAVariable) {
  EXPECT_EQ(substituted(R"("${a}!")", R"({"a": "${target.port}"})"), R"("${target.port}!")");
}

TEST(JsonSubstituteTest, ATextThatIsNoTemplateStaysForItsReader) {
  EXPECT_EQ(substituted(R"("${a} ${")", R"({"a": "x"})"), R"("${a} ${")");
}

TEST(JsonSubstituteTest, ReachesAllValuesButNoKey) {
  EXPECT_EQ(substituted(R"({"${a}": [{"k": "${a}"}], "n": 1, "t": true})", R"({"a": "x"})"),
            R"({"${a}": [{"k": "x"}], "n": 1, "t": true})");
}

TEST(JsonSubstituteTest, AnEmptyNameStandsForNothing) {
  EXPECT_EQ(substituted(R"(["", "plain"])", R"({"": "x"})"), R"(["", "plain"])");
}

TEST(JsonSubstituteTest, AnObjectsOwnNameStaysInItsSteps) {
  EXPECT_EQ(substituted(R"({"as": "a", "count": "${a}", "steps": ["${a}", "${b}"]})",
                        R"({"a": "1", "b": "2"})"),
            R"({"as": "a", "count": "1", "steps": ["${a}", "2"]})");
}

TEST(JsonSubstituteTest, PlacesAreThoseOfTheReplacedText) {
  const auto node = node_of("[\n  \"${a}\"]");
  const auto copy = substitute(node, {{"a", text_node("x", {9, 9})}});
  EXPECT_EQ(copy.items.front().position, (Position{2, 3}));
}

TEST(JsonSubstituteTest, OnlyStringsAndWholeNumbersAreTexts) {
  EXPECT_TRUE(is_text_value(node_of(R"("x")")));
  EXPECT_TRUE(is_text_value(node_of("7")));
  for (const auto* other : {"1.5", "true", "null", "[]", "{}"})
    EXPECT_FALSE(is_text_value(node_of(other))) << other;
}

}  // namespace
}  // namespace dialtone
