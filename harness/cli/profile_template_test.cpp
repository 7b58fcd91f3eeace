#include "harness/cli/profile_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "harness/model/profile.hpp"

namespace dialtone {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const ProfileDraft kLaunched{
    "my \"server\"", "127.0.0.1:${port}", {"./a b", "${port}"}, "ab\r\n", "ba\r\n"};

Profile load(const std::string& text) {
  Diagnostics diagnostics;
  auto profile = load_profile("p.json", text, {}, diagnostics);
  for (const auto& diagnostic : diagnostics) ADD_FAILURE() << render(diagnostic) << text;
  return profile;
}

Bytes octets(const Profile& profile, const std::string& name) {
  const auto found = profile.parameters.payloads.find(name);
  if (found == profile.parameters.payloads.end() || found->second.constant() == nullptr)
    return "absent";
  return *found->second.constant();
}

/// All but "concurrency", which a shared process excludes that scenarios may steer.
std::string uncommented(const std::string& text) {
  return std::regex_replace(text, std::regex(R"((^|\n)( *)// "(?!concurrency))"), "$1$2\"");
}

TEST(ProfileTemplateTest, WhatIsWrittenLoadsAsItWasSaid) {
  const auto profile = load(profile_text(kLaunched));
  EXPECT_EQ(profile.name, "my \"server\"");
  EXPECT_EQ(profile.form, Profile::Form::kProcess);
  EXPECT_EQ(profile.address.with({{"port", "1"}}).constant(), "127.0.0.1:1");
  ASSERT_EQ(profile.start->command.size(), 2U);
  EXPECT_EQ(profile.start->command[0].constant(), "./a b");
  EXPECT_EQ(octets(profile, "request"), "ab\r\n");
  EXPECT_TRUE(profile.parameters.has("reply"));
  EXPECT_THAT(profile.provides, IsEmpty());
}

TEST(ProfileTemplateTest, AServerThatRunsAlreadyHasNoStart) {
  auto draft = kLaunched;
  draft.command = {};
  draft.address = "localhost:7788";
  const auto profile = load(profile_text(draft));
  EXPECT_EQ(profile.form, Profile::Form::kExternal);
  EXPECT_EQ(profile.address.constant(), "localhost:7788");
}

TEST(ProfileTemplateTest, EachOptionalLineBecomesPartOfTheFileWhereItsSlashesGo) {
  const auto profile = load(uncommented(profile_text(kLaunched)));
  const auto provided = profile.parameters.provided();
  for (const auto& spec : parameter_specs()) {
    const auto name = parameter_capability(spec.name);
    if (is_for_robust(spec)) {
      EXPECT_THAT(provided, Contains(name));
    } else if (spec.fallback.empty()) {
      EXPECT_THAT(provided, Not(Contains(name)));
    }
  }
  EXPECT_EQ(profile.isolation, Profile::Isolation::kShared);
  EXPECT_THAT(profile.provides, Contains("persistent"));
  EXPECT_TRUE(profile.controls.contains("close_listener"));
}

TEST(ProfileTemplateTest, TheCodesOfAClientAreMentioned) {
  const auto text = profile_text(kLaunched);
  EXPECT_THAT(text, HasSubstr("client_success_code"));
  EXPECT_THAT(text, HasSubstr("client_failure_code"));
  EXPECT_TRUE(load(uncommented(text)).programs.contains("client"));
}

TEST(ProfileTemplateTest, TheFramingIsAsItWasSaid) {
  auto draft = kLaunched;
  EXPECT_EQ(load(profile_text(draft)).framing, std::nullopt);
  draft.framing = R"({ "delimiter": "\r\n" })";
  const auto by_delimiter = load(profile_text(draft));
  EXPECT_EQ(std::get<DelimiterFraming>(*by_delimiter.framing).delimiter, "\r\n");
  EXPECT_EQ(octets(by_delimiter, "request"), "ab\r\n");
  draft.framing = R"({ "length_prefix": { "octets": 1 } })";
  draft.gives_bodies = true;
  const auto by_length = load(profile_text(draft));
  EXPECT_EQ(octets(by_length, "request"),
            "\x04"
            "ab\r\n");
  EXPECT_TRUE(std::holds_alternative<FrameMatch>(by_length.parameters.matchers.at("reply")));
}

TEST(ProfileTemplateTest, TheirMeaningIsThatOfTheTable) {
  const auto text = profile_text(kLaunched);
  for (const auto& spec : parameter_specs()) {
    if (!is_for_robust(spec)) continue;
    EXPECT_THAT(text, HasSubstr("// " + std::string(spec.summary)));
  }
}

class ProfileTemplateOctets : public testing::TestWithParam<Bytes> {};

TEST_P(ProfileTemplateOctets, ComeBackAsTheyWere) {
  auto draft = kLaunched;
  draft.request = GetParam();
  const auto text = profile_text(draft);
  EXPECT_EQ(octets(load(text), "request"), GetParam());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Octets, ProfileTemplateOctets,
                         testing::Values("a\tb\r\n", "你在么?", "\xc4\xe3", "\"\\\"", "${x}",
                                         "$${x}", "$", "// \"x", Bytes("\0", 1), "\x1b[31m", "\x7f",
                                         "\xe2\x80\xae"));

}  // namespace
}  // namespace dialtone
