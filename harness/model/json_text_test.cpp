#include "harness/model/json_text.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

std::string line_of(std::string_view text) {
  Diagnostics diagnostics;
  const auto node = parse_json("t.json", text, diagnostics);
  return node ? to_line(*node) : "no JSON: " + diagnostics.at(0).message;
}

TEST(JsonTextTest, EveryKindOfValueComesBack) {
  for (const auto* text : {"null", "true", "false", "0", "-12", "1.5", R"("a")", "[]", "{}",
                           R"([1, [2, "b"], {}])", R"({"b": 1, "a": {"c": [null]}})"}) {
    EXPECT_EQ(line_of(text), text);
  }
}

TEST(JsonTextTest, SpaceAndCommentsAreDropped) {
  EXPECT_EQ(line_of("{ // one\n  \"a\" :\t1,\n  /* two */ \"b\":[1,2]}"),
            R"({"a": 1, "b": [1, 2]})");
}

TEST(JsonTextTest, StringsStayOnOneLine) {
  EXPECT_EQ(line_of(R"("a\n\t\"\\\u0000\u4f60")"), R"("a\n\t\"\\\u0000你")");
}

}  // namespace
}  // namespace dialtone
