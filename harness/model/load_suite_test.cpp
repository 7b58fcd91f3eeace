#include "harness/model/load_suite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "harness/model/fake_steps.hpp"

namespace dialtone {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Pointee;
using ::testing::SizeIs;
using ::testing::StrEq;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

class LoadSuiteTest : public ::testing::Test {
 protected:
  LoadSuiteTest() { take_fake_reads(); }

  /// A suite without mistakes.
  std::shared_ptr<const Suite> load(const std::string& text, const Variables& variables = {}) {
    Diagnostics diagnostics;
    auto suite = load_suite("dir/s.json", text, {fake_steps(), variables}, diagnostics);
    EXPECT_THAT(diagnostics, IsEmpty()) << (diagnostics.empty() ? "" : render(diagnostics.front()));
    return suite;
  }

  /// The octets that `payload`, sent in a suite with these `keys`, stands for.
  Bytes sent(const std::string& payload, const std::string& keys = "",
             const Variables& variables = {}) {
    load("{\"suite\": \"s\", " + keys +
             R"("scenarios": [{"id": "a", "steps": [{"connect": "c"}, {"send": )" + payload +
             "}]}]}",
         variables);
    const auto reads = take_fake_reads();
    const auto octets = reads.back().payload.bytes({{"c.port", "80"}});
    return std::holds_alternative<Bytes>(octets) ? std::get<Bytes>(octets) : "unavailable";
  }
};

/// What the profile's framing makes of a scenario with these steps; it loads without a mistake.
Scenario framed_by(const std::optional<Framing>& framing, const std::string& steps) {
  Diagnostics diagnostics;
  LoadOptions options{fake_steps(), {}};
  options.framing = framing;
  const auto suite =
      load_suite("s.json",
                 R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"}, )" +
                     steps + R"(]}, {"id": "other", "steps": [{"connect": "c"}]}]})",
                 options, diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty()) << (diagnostics.empty() ? "" : render(diagnostics.front()));
  EXPECT_EQ(suite->scenarios.at(1).excluded, "");
  take_fake_reads();
  return suite->scenarios.at(0);
}

TEST_F(LoadSuiteTest, ACapabilityMayMakeAShouldAMust) {
  const std::string text = R"({"suite": "s", "scenarios": [{"id": "a", "level": "SHOULD",
    "must_if": ["half_close", "loop"], "steps": [{"connect": "c"}]}]})";
  const auto level_for = [&](const std::set<std::string>& provides) {
    Diagnostics diagnostics;
    LoadOptions options{fake_steps(), {}};
    options.provides = provides;
    const auto suite = load_suite("s.json", text, options, diagnostics);
    EXPECT_THAT(diagnostics, IsEmpty());
    return suite->scenarios.at(0).level;
  };
  EXPECT_EQ(level_for({}), Level::kShould);
  EXPECT_EQ(level_for({"persistent"}), Level::kShould);
  EXPECT_EQ(level_for({"half_close"}), Level::kMust);
  EXPECT_THAT(load(text)->scenarios.at(0).must_if, UnorderedElementsAre("half_close", "loop"));
}

TEST_F(LoadSuiteTest, WhatTheProfilesFramingCannotDoIsNoMistakeOfTheSuite) {
  const auto excluded = [](const std::optional<Framing>& framing, const std::string& steps) {
    return framed_by(framing, steps).excluded;
  };
  EXPECT_EQ(excluded(DelimiterFraming{"\n"}, R"({"send": {"frame": "x"}})"), "");
  EXPECT_EQ(excluded(std::nullopt, R"({"send": {"frame": "x"}})"),
            "the profile gives no 'framing'");
  EXPECT_EQ(excluded(std::nullopt, R"({"expect": {"frame": true}})"),
            "the profile gives no 'framing'");
  EXPECT_EQ(excluded(OneShotFraming{}, R"({"expect": {"frame": true}})"),
            "the profile's framing is oneshot");
  EXPECT_EQ(excluded(FixedFraming{4}, R"({"send": {"frame": "x"}})"),
            "the framing cannot carry this: 1 octet in place of 4");
  EXPECT_EQ(excluded(FixedFraming{4}, R"({"expect": {"frame": true, "body": "x"}})"),
            "the framing cannot carry this: 1 octet in place of 4");
}

TEST_F(LoadSuiteTest, NothingOfAOneShotProfileIsCutOtherwise) {
  const std::string steps = R"({"send": "x"})";
  EXPECT_EQ(framed_by(OneShotFraming{}, steps).no_vary.segmentation,
            "the profile's framing is oneshot");
  EXPECT_EQ(framed_by(OneShotFraming{}, steps).no_vary.timing, "");
  EXPECT_EQ(framed_by(DelimiterFraming{"\n"}, steps).no_vary.segmentation, "");
}

/// The encodings that two scenarios are shown in: one of a profile's octets, one of the suite's
/// own.
std::vector<Encoding> shown_in(std::optional<Encoding> encoding) {
  Diagnostics diagnostics;
  LoadOptions options{fake_steps(), {}};
  options.encoding = encoding;
  options.parameters.payloads.emplace("request", Payload("h\xc3\xa9"));
  const auto suite = load_suite("s.json", R"({"suite": "s", "encoding": "gbk", "scenarios": [
    {"id": "a", "steps": [{"connect": "c"}, {"send": "你"}, {"send": "${request}"}]},
    {"id": "b", "steps": [{"connect": "c"}, {"send": "你"}]}]})",
                                options, diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty()) << (diagnostics.empty() ? "" : render(diagnostics.front()));
  std::vector<Encoding> encodings;
  for (const auto& scenario : suite->scenarios) encodings.push_back(scenario.encoding);
  const auto reads = take_fake_reads();
  EXPECT_EQ(*reads.at(1).payload.constant(), "\xc4\xe3");  // a literal is the suite's
  return encodings;
}

TEST_F(LoadSuiteTest, WhatSpeaksWithAProfilesOctetsIsShownInItsEncoding) {
  EXPECT_THAT(shown_in(Encoding::kUtf8), ElementsAre(Encoding::kUtf8, Encoding::kGbk));
  EXPECT_THAT(shown_in(std::nullopt), ElementsAre(Encoding::kGbk, Encoding::kGbk));
}

TEST_F(LoadSuiteTest, DefaultsAreFilledIn) {
  const auto suite =
      load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})");
  EXPECT_EQ(suite->name, "s");
  EXPECT_EQ(suite->title, "");
  EXPECT_EQ(suite->file, "dir/s.json");
  ASSERT_THAT(suite->scenarios, SizeIs(1));
  const auto& scenario = suite->scenarios.front();
  EXPECT_EQ(scenario.id, "a");
  EXPECT_EQ(scenario.level, Level::kMust);
  EXPECT_EQ(scenario.encoding, Encoding::kUtf8);
  EXPECT_EQ(scenario.timeout, 5s);
  EXPECT_FALSE(scenario.ignore_leftover);
  EXPECT_THAT(scenario.needs, IsEmpty());
  EXPECT_THAT(scenario.tags, IsEmpty());
  EXPECT_FALSE(scenario.server.once);
  EXPECT_EQ(scenario.server.port, 0);
  EXPECT_EQ(scenario.where, (SourceLocation{"dir/s.json", 1, 30}));
}

TEST_F(LoadSuiteTest, ScenariosInheritFromTheirSuite) {
  const auto suite =
      load(R"({"suite": "s", "encoding": "gbk", "timeout": "2s", "needs": ["process"],
    "scenarios": [{"id": "a", "needs": ["local"], "steps": [{"connect": "c"}]}]})");
  const auto& scenario = suite->scenarios.at(0);
  EXPECT_EQ(scenario.encoding, Encoding::kGbk);
  EXPECT_EQ(scenario.timeout, 2s);
  EXPECT_THAT(scenario.needs, UnorderedElementsAre("process", "local"));
}

TEST_F(LoadSuiteTest, AScenarioOverridesItsSuiteForItselfOnly) {
  const auto suite = load(R"({"suite": "s", "encoding": "gbk", "timeout": "2s", "scenarios": [
    {"id": "a", "encoding": "ascii", "timeout": "300ms", "needs": ["local"], "steps": [{"connect": "c"}]},
    {"id": "b", "steps": [{"connect": "c"}]}]})");
  EXPECT_EQ(suite->scenarios.at(0).encoding, Encoding::kAscii);
  EXPECT_EQ(suite->scenarios.at(0).timeout, 300ms);
  EXPECT_EQ(suite->scenarios.at(1).encoding, Encoding::kGbk);
  EXPECT_EQ(suite->scenarios.at(1).timeout, 2s);
  EXPECT_THAT(suite->scenarios.at(1).needs, IsEmpty());
}

TEST_F(LoadSuiteTest, EveryKeyIsRead) {
  const auto suite =
      load(R"({"$schema": "x", "suite": "s", "title": "T", "note": "n", "scenarios": [{
    "id": "a", "title": "t", "level": "SHOULD", "source": "RFC 9293", "note": "n", "no_fault": "f",
    "tags": ["slow", "x"], "ignore_leftover": true, "steps": [{"connect": "c"}],
    "server": {"once": true, "any_address": true, "whole_message": true, "own_process": true,
               "datagrams": true, "port": 7788}}]})");
  EXPECT_EQ(suite->title, "T");
  const auto& scenario = suite->scenarios.at(0);
  EXPECT_EQ(scenario.title, "t");
  EXPECT_EQ(scenario.level, Level::kShould);
  EXPECT_EQ(scenario.source, "RFC 9293");
  EXPECT_EQ(scenario.note, "n");
  EXPECT_EQ(scenario.no_fault, "f");
  EXPECT_THAT(scenario.tags, ElementsAre("slow", "x"));
  EXPECT_TRUE(scenario.ignore_leftover);
  EXPECT_THAT(
      scenario.server,
      AllOf(Field(&ServerSetup::once, true), Field(&ServerSetup::any_address, true),
            Field(&ServerSetup::whole_message, true), Field(&ServerSetup::own_process, true),
            Field(&ServerSetup::datagrams, true), Field(&ServerSetup::port, 7788)));
}

TEST_F(LoadSuiteTest, StepsKeepTheirVerbTheirTextAndTheirPlace) {
  const auto suite = load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
    {"connect": "c"},
    {"send":  "你在么?", // a comment
     "on": "c"}]}]})");
  const auto& steps = suite->scenarios.at(0).steps;
  ASSERT_THAT(steps, SizeIs(2));
  EXPECT_EQ(steps[1].spec->verb, "send");
  EXPECT_EQ(steps[1].text, R"({"send": "你在么?", "on": "c"})");
  EXPECT_EQ(steps[1].where, (SourceLocation{"dir/s.json", 3, 5}));
}

TEST_F(LoadSuiteTest, AVerbAndItsUseAddNeeds) {
  const auto suite = load(R"({"suite": "s", "scenarios": [
    {"id": "a", "steps": [{"spawn": "p", "watch": true}]}, {"id": "b", "steps": [{"spawn": "p"}]}]})");
  EXPECT_THAT(suite->scenarios.at(0).needs, UnorderedElementsAre("client", "socket_table"));
  EXPECT_THAT(suite->scenarios.at(1).needs, UnorderedElementsAre("client"));
}

TEST_F(LoadSuiteTest, TheOnlyOpenConnectionNeedsNoName) {
  load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
    {"connect": "a"}, {"send": "x"}, {"close": true}, {"connect": "b"}, {"send": "y"}]}]})");
  const auto reads = take_fake_reads();
  EXPECT_THAT(reads.at(1).names, ElementsAre("a"));
  EXPECT_THAT(reads.at(2).names, ElementsAre("a"));
  EXPECT_THAT(reads.at(4).names, ElementsAre("b"));
}

TEST_F(LoadSuiteTest, AClosedConnectionsNameMayBeUsedAgain) {
  load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
    {"connect": "c"}, {"close": "c"}, {"connect": "c"}, {"send": "x", "on": "c"}]}]})");
}

TEST_F(LoadSuiteTest, NamesOfOneScenarioAreUnknownToTheNext) {
  Diagnostics diagnostics;
  load_suite("s.json", R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"}]},
{"id": "b", "steps": [{"close": "c"}]}]})",
             {fake_steps(), {}}, diagnostics);
  ASSERT_THAT(diagnostics, SizeIs(1));
  EXPECT_EQ(diagnostics[0].message, "unknown connection 'c'");
}

TEST_F(LoadSuiteTest, AClosedConnectionCanStillBeLookedAt) {
  load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
    {"connect": "c"}, {"listen": "l"}, {"close": ["c", "l"]},
    {"look": ["c", "l", "target"], "state": ["LISTEN", "TIME_WAIT"]}]}]})");
}

TEST_F(LoadSuiteTest, ManyConnectionsHaveNumberedNames) {
  load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [
    {"connect": "c", "count": 2}, {"send": "${c.2.port}", "on": "c.2"}]}]})");
}

TEST_F(LoadSuiteTest, OwnDurationOfAStep) {
  load(
      R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c", "within": "1.5s"}]}]})");
  EXPECT_EQ(take_fake_reads().at(0).within, 1500ms);
}

TEST_F(LoadSuiteTest, PayloadForms) {
  EXPECT_EQ(sent(R"("你")", R"("encoding": "gbk", )"), "\xc4\xe3");
  EXPECT_EQ(sent(R"({"text": "你", "encoding": "utf-8"})", R"("encoding": "gbk", )"), "你");
  EXPECT_EQ(sent(R"({"hex": "c4 E3"})"), "\xc4\xe3");
  EXPECT_EQ(sent(R"({"base64": "AAE="})"), std::string("\0\1", 2));
  EXPECT_EQ(sent(R"({"repeat": "ab", "times": 3})"), "ababab");
  EXPECT_EQ(sent(R"({"repeat": "", "times": 9223372036854775807})"), "");
  EXPECT_EQ(sent(R"({"repeat": ["a", "${c.port}"], "times": 2})"), "a80a80");
  EXPECT_EQ(sent(R"(["a", {"hex": "00"}, ["b"], []])"), std::string("a\0b", 3));
  EXPECT_EQ(sent(R"("")"), "");
}

TEST_F(LoadSuiteTest, RandomOctetsDependOnTheirSeedOnly) {
  // The first octets of mt19937_64, which the standard fixes, with seed 1.
  EXPECT_EQ(to_hex(sent(R"({"random": 4, "seed": 1})")), "68 4e 9a 8e");
  EXPECT_NE(sent(R"({"random": 64, "seed": 1})"), sent(R"({"random": 64, "seed": 2})"));
}

TEST_F(LoadSuiteTest, VariablesOfTheUserWinOverTheSuites) {
  const auto keys = R"("vars": {"a": "suite", "n": 7}, )";
  EXPECT_EQ(sent(R"("${a} ${n}")", keys), "suite 7");
  EXPECT_EQ(sent(R"("${a} ${b}")", keys, {{"a", "user"}, {"b", "more"}}), "user more");
}

TEST_F(LoadSuiteTest, ADollarCanBeWritten) {
  EXPECT_EQ(sent(R"("$${a} costs $5")"), "${a} costs $5");
}

TEST_F(LoadSuiteTest, AVariableOfTheRunStaysOpenUntilThen) {
  EXPECT_EQ(sent(R"("port ${c.port}")"), "port 80");
}

TEST_F(LoadSuiteTest, MatcherForms) {
  load(R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"},
    {"expect": "x"}, {"expect": {"hex": "00"}}, {"expect": {"prefix": "p"}}, {"expect": {"contains": "c"}},
    {"expect": {"until": "u"}}, {"expect": {"length": 7}}, {"expect": {"regex": "a.c", "as": "bytes"}},
    {"expect": ["x", "y"]}]}]})");
  const auto reads = take_fake_reads();
  EXPECT_THAT(std::get<ExactMatch>(reads.at(1).matcher).payload.constant(), Pointee(StrEq("x")));
  EXPECT_TRUE(std::holds_alternative<ExactMatch>(reads.at(2).matcher));
  EXPECT_THAT(std::get<PrefixMatch>(reads.at(3).matcher).payload.constant(), Pointee(StrEq("p")));
  EXPECT_THAT(std::get<ContainsMatch>(reads.at(4).matcher).payload.constant(), Pointee(StrEq("c")));
  EXPECT_THAT(std::get<UntilMatch>(reads.at(5).matcher).payload.constant(), Pointee(StrEq("u")));
  EXPECT_EQ(std::get<LengthMatch>(reads.at(6).matcher).octets, 7U);
  EXPECT_TRUE(std::get<RegexMatch>(reads.at(7).matcher).as_bytes);
  EXPECT_THAT(std::get<ExactMatch>(reads.at(8).matcher).payload.constant(), Pointee(StrEq("xy")));
}

class LoadSuitesTest : public ::testing::Test {
 protected:
  LoadSuitesTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("dialtone_load_suites_" + std::string(info->name()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~LoadSuitesTest() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = directory_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  std::filesystem::path directory_;
};

constexpr auto kGood = R"({"suite": "s", "scenarios": [{"id": "a", "steps": [{"connect": "c"}]}]})";

TEST_F(LoadSuitesTest, AllMistakesOfAllFilesAreReportedAtOnceAndInOrder) {
  const auto first = write("1.json", R"({"suite": "s", "scenarios": [
{"id": "a", "levle": "MUST", "steps": [{"connect": "c"}, {"sned": "x"}]}]})");
  const auto broken = write("2.json", "{");
  const auto last = write("3.json", R"({"suite": "t", "encoding": "gbk", "scenarios": [
{"id": "a", "steps": [{"send": "€"}]},
{"id": "a", "steps": []}]})");
  const auto loaded = load_suites({last, directory_.string()}, {fake_steps(), {}});
  std::vector<std::string> shown;
  for (const auto& diagnostic : loaded.diagnostics) {
    shown.push_back(to_string(diagnostic.where) + ": " + diagnostic.message);
  }
  const std::vector<std::string> of_last{
      last + ":2:23: step 'send' does not say which connection it means",
      last + ":2:32: character 1 (U+20AC) is not in gbk", last + ":3:8: duplicate id 'a'",
      last + ":3:22: 'steps' is empty"};
  auto expected = of_last;
  expected.push_back(first + ":2:13: unknown key 'levle' in a scenario");
  expected.push_back(first + ":2:59: unknown step 'sned'");
  expected.push_back(broken +
                     ":1:2: expected a key in double quotes or '}', found the end of the file");
  expected.insert(expected.end(), of_last.begin(), of_last.end());
  EXPECT_EQ(shown, expected);
}

TEST_F(LoadSuitesTest, FilesAreLoadedInTheOrderOfTheirPaths) {
  const auto b = write("b.json", kGood);
  const auto a = write("a.json", kGood);
  const auto loaded = load_suites({b, a}, {fake_steps(), {}});
  EXPECT_THAT(loaded.diagnostics, IsEmpty());
  EXPECT_THAT(loaded.suites,
              ElementsAre(Pointee(Field(&Suite::file, b)), Pointee(Field(&Suite::file, a))));
}

TEST_F(LoadSuitesTest, AMissingFileIsAMistakeWithoutALine) {
  const auto path = (directory_ / "gone.json").string();
  const auto loaded = load_suites({path}, {fake_steps(), {}});
  EXPECT_THAT(
      loaded.diagnostics,
      ElementsAre(Diagnostic{{path}, "cannot read the file: No such file or directory", ""}));
  EXPECT_THAT(loaded.suites, IsEmpty());
}

TEST_F(LoadSuitesTest, AVariableOfOneFileIsUnknownInTheNext) {
  const auto a = write("a.json", R"({"suite": "s", "vars": {"x": "1"}, "scenarios": [
{"id": "a", "steps": [{"connect": "c"}]}]})");
  const auto b = write("b.json", R"({"suite": "s", "scenarios": [
{"id": "a", "steps": [{"connect": "c", "to": "${x}"}]}]})");
  const auto loaded = load_suites({a, b}, {fake_steps(), {}});
  ASSERT_THAT(loaded.diagnostics, SizeIs(1));
  EXPECT_EQ(loaded.diagnostics[0].message, "unknown variable 'x'");
}

TEST_F(LoadSuitesTest, APayloadsFileStandsBesideTheSuite) {
  write("p.bin", std::string("\0\xff", 2));
  const auto suite = write("s.json", R"({"suite": "s", "scenarios": [
{"id": "a", "steps": [{"connect": "c"}, {"send": {"file": "p.bin"}}]}]})");
  take_fake_reads();
  EXPECT_THAT(load_suites({suite}, {fake_steps(), {}}).diagnostics, IsEmpty());
  EXPECT_THAT(take_fake_reads().at(1).payload.constant(), Pointee(std::string("\0\xff", 2)));
}

}  // namespace
}  // namespace dialtone
