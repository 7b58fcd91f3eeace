#include "harness/model/parameter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/model/capability.hpp"

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ParameterTest, EachIsNamedOnceAndExplained) {
  std::set<std::string_view> names;
  for (const auto& spec : parameter_specs()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_FALSE(spec.summary.empty()) << spec.name;
    EXPECT_FALSE(describe(spec.type).empty()) << spec.name;
    EXPECT_EQ(find_parameter(spec.name), &spec);
  }
  EXPECT_EQ(find_parameter("reqest"), nullptr);
  EXPECT_EQ(find_parameter(""), nullptr);
}

TEST(ParameterTest, OnlyScalarsHaveAFallback) {
  for (const auto& spec : parameter_specs()) {
    EXPECT_TRUE(spec.fallback.empty() || is_scalar(spec.type)) << spec.name;
  }
}

// Both are names in a scenario's needs.
TEST(ParameterTest, NoCapabilityHasSuchAName) {
  for (const auto& spec : parameter_specs())
    EXPECT_EQ(find_capability(parameter_capability(spec.name)), nullptr) << spec.name;
}

TEST(ParameterTest, ItsCapabilityNamesIt) {
  EXPECT_EQ(parameter_capability("request"), "parameter.request");
  EXPECT_EQ(parameter_of_capability("parameter.request"), "request");
  EXPECT_EQ(parameter_of_capability("process"), "");
  EXPECT_EQ(parameter_of_capability("parameter"), "");
}

TEST(ParameterTest, WhatIsMissingIsExplained) {
  EXPECT_EQ(missing_capability({"parameter.request"}, {"process"}),
            "the profile gives no 'request' (a request, whole, as it travels)");
  EXPECT_EQ(missing_capability({"parameter.request"}, {"parameter.request"}), std::nullopt);
}

TEST(ParametersTest, ProvideWhatTheyHoldAndFallbacks) {
  Parameters parameters;
  EXPECT_TRUE(parameters.has("quiet"));
  EXPECT_FALSE(parameters.has("request"));
  EXPECT_THAT(parameters.provided(), Contains("parameter.quiet"));
  EXPECT_THAT(parameters.provided(), Not(Contains("parameter.request")));
  parameters.payloads["request"] = Payload(Bytes("x"));
  parameters.matchers["reply"] = LengthMatch{3};
  parameters.scalars["idle_limit"] = "1s";
  for (const auto* name : {"request", "reply", "idle_limit"}) {
    EXPECT_TRUE(parameters.has(name)) << name;
    EXPECT_THAT(parameters.provided(), Contains(parameter_capability(name)));
  }
}

TEST(WholeVariableTest, IsANameAndNoMore) {
  EXPECT_EQ(whole_variable("${a.b}"), "a.b");
  for (const auto* other : {"", "a", "${", "${}", "x${a}", "${a}x", "${a}${b}", "$${a}", "${a$}"})
    EXPECT_THAT(std::string(whole_variable(other)), IsEmpty()) << other;
}

}  // namespace
}  // namespace dialtone
