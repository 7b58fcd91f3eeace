#include "harness/model/load_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Optional;
using namespace std::chrono_literals;

JsonNode node_of(std::string_view text) {
  Diagnostics ignored;
  return parse_json("t.json", text, ignored).value();
}

class LoadContextTest : public ::testing::Test {
 protected:
  Diagnostics diagnostics_;
  LoadContext context_{"t.json", {}, diagnostics_};
};

TEST_F(LoadContextTest, TheRightKindIsNoMistake) {
  EXPECT_TRUE(context_.expect_kind(node_of("1"), JsonNode::Kind::kInteger, "'n'"));
  EXPECT_THAT(diagnostics_, IsEmpty());
}

TEST_F(LoadContextTest, AWrongKindIsReportedAsWhatItIs) {
  const auto said = [&](std::string_view text, JsonNode::Kind kind) {
    EXPECT_FALSE(context_.expect_kind(node_of(text), kind, "'n'"));
    return diagnostics_.back().message;
  };
  EXPECT_EQ(said("1.0", JsonNode::Kind::kInteger), "'n' must be a whole number, but is 1.0");
  EXPECT_EQ(said("\"1\"", JsonNode::Kind::kInteger), "'n' must be a whole number, but is a string");
  EXPECT_EQ(said("false", JsonNode::Kind::kString), "'n' must be a string, but is false");
  EXPECT_EQ(said("null", JsonNode::Kind::kArray), "'n' must be an array, but is null");
}

TEST_F(LoadContextTest, UnknownKeysAreReportedWhereTheyStand) {
  context_.refuse_unknown_keys(node_of(R"({"one": 1, "tow": 2})"), {"one", "two"}, "a thing");
  EXPECT_THAT(diagnostics_,
              ElementsAre(Diagnostic{
                  {"t.json", 1, 12}, "unknown key 'tow' in a thing", "did you mean 'two'?"}));
}

TEST_F(LoadContextTest, SortingTouchesOnlyItsOwnReports) {
  Diagnostics diagnostics{{{"other.json", 9, 9}, "earlier", ""}};
  LoadContext context("t.json", {}, diagnostics);
  context.report(Position{2, 1}, "third");
  context.report(Position{1, 5}, "first");
  context.report(Position{1, 5}, "second");
  context.sort_reports();
  EXPECT_THAT(
      diagnostics,
      ElementsAre(Field(&Diagnostic::message, "earlier"), Field(&Diagnostic::message, "first"),
                  Field(&Diagnostic::message, "second"), Field(&Diagnostic::message, "third")));
  EXPECT_EQ(context.mistakes(), 4U);
}

TEST_F(LoadContextTest, ADurationIsRead) {
  EXPECT_THAT(read_duration(node_of("\"1.5s\""), "'t'", context_), Optional(Duration(1500ms)));
  EXPECT_EQ(read_duration(node_of("\"1,5s\""), "'t'", context_), std::nullopt);
  EXPECT_EQ(read_duration(node_of("5"), "'t'", context_), std::nullopt);
  EXPECT_THAT(diagnostics_,
              ElementsAre(Field(&Diagnostic::message, "bad duration '1,5s'"),
                          Field(&Diagnostic::message, "'t' must be a string, but is a number")));
}

}  // namespace
}  // namespace dialtone
