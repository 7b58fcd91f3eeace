#include "harness/model/scope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using Kind = Scope::Kind;

class ScopeTest : public ::testing::Test {
 protected:
  ScopeTest() {
    scope_.define("conn", Kind::kConnection);
    scope_.define("sock", Kind::kSocket);
    scope_.define("desk", Kind::kListener);
    scope_.define("prog", Kind::kProgram);
  }
  Scope scope_;
};

TEST_F(ScopeTest, KnowsItsNames) {
  EXPECT_TRUE(scope_.knows("conn"));
  EXPECT_FALSE(scope_.knows("con"));
}

TEST_F(ScopeTest, ASocketCountsAsAConnection) {
  EXPECT_TRUE(scope_.is("sock", Kind::kConnection));
  EXPECT_TRUE(scope_.is("conn", Kind::kSocket));
  EXPECT_FALSE(scope_.is("desk", Kind::kConnection));
  EXPECT_FALSE(scope_.is("prog", Kind::kListener));
  EXPECT_THAT(scope_.names(Kind::kConnection), ElementsAre("conn", "sock"));
  EXPECT_THAT(scope_.names(Kind::kProgram), ElementsAre("prog"));
}

TEST_F(ScopeTest, WhatEndsStaysKnownUntilItsNameIsGivenAgain) {
  scope_.end("conn");
  EXPECT_TRUE(scope_.has_ended("conn"));
  EXPECT_TRUE(scope_.knows("conn"));
  scope_.define("conn", Kind::kConnection);
  EXPECT_FALSE(scope_.has_ended("conn"));
}

TEST_F(ScopeTest, EndingWhatIsUnknownDoesNothing) {
  scope_.end("other");
  EXPECT_FALSE(scope_.knows("other"));
  EXPECT_FALSE(scope_.has_ended("other"));
}

TEST_F(ScopeTest, ManyAreNumberedFromOne) {
  scope_.define_many("m", 2);
  EXPECT_THAT(scope_.names(Kind::kConnection), ElementsAre("conn", "m.1", "m.2", "sock"));
}

TEST_F(ScopeTest, WhatHasAnAddressHasVariables) {
  for (const auto* name : {"loopback", "target.address", "target.host", "target.port", "conn.port",
                           "conn.peer", "sock.host", "sock.peer", "desk.address"}) {
    EXPECT_TRUE(scope_.has_variable(name)) << name;
    EXPECT_THAT(scope_.variables(), Contains(name));
  }
}

TEST_F(ScopeTest, WhatHasNoneHasNoVariables) {
  for (const auto* name : {"target.peer", "desk.peer", "prog.port", "conn", "conn.size",
                           "other.port", ".port", "conn."}) {
    EXPECT_FALSE(scope_.has_variable(name)) << name;
    EXPECT_THAT(scope_.variables(), Not(Contains(name)));
  }
}

TEST_F(ScopeTest, ACaptureIsAVariable) {
  EXPECT_FALSE(scope_.has_variable("x"));
  scope_.define_variable("x");
  EXPECT_TRUE(scope_.has_variable("x"));
  EXPECT_THAT(scope_.variables(), Contains("x"));
}

}  // namespace
}  // namespace dialtone
