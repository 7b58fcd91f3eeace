// A profile's framing: servers of frames under the robust suite, and what a framing rules out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Ids = std::set<std::string>;

const std::string kRobust = DIALTONE_SOURCE_DIR "/scenarios/robust";
const std::string kExamples = DIALTONE_SOURCE_DIR "/fixtures/examples/";

/// The profiles name files from the repository's root.
ProgramResult run_from_root(const Words& arguments) {
  auto command = dialtone_command(arguments);
  command.directory = DIALTONE_SOURCE_DIR;
  return run_program(command);
}

/// What the robust suite says of a server; what is not named here passes.
struct Example {
  std::string name;
  Ids failed;
  Ids warned;
  Ids skipped;
  Ids sometimes = {};  ///< failed or not, as a race comes out
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

class FramedServer : public testing::TestWithParam<Example> {};

TEST_P(FramedServer, GivesExactlyTheseResults) {
  if (python().empty()) GTEST_SKIP() << "there is no Python 3";
  const auto& [name, failed, warned, skipped, sometimes] = GetParam();
  const auto result =
      run_from_root({"run", kRobust, "--time-scale", "4", "--target", kExamples + name + ".json"});
  EXPECT_EQ(result.exit_code, failed.empty() ? 0 : 1) << result.how << result.out << result.err;
  auto found = ids_with("FAIL", result.out);
  for (const auto& id : sometimes) found.erase(id);
  EXPECT_EQ(found, failed) << result.out;
  EXPECT_EQ(ids_with("warn", result.out), warned) << result.out;
  EXPECT_EQ(ids_with("skip", result.out), skipped) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_FALSE(ids_with("pass", result.out).empty());
}

// What no such server gives: a limit of time, a text in GBK, a close of its own.
const Ids kNotGiven{"ROB-11.limit", "ROB-20", "ROB-22.closes",      "ROB-25", "ROB-26", "ROB-32",
                    "ROB-35",       "ROB-45", "ROB-27.closes_first"};

Ids and_these(Ids more) {
  more.insert(kNotGiven.begin(), kNotGiven.end());
  return more;
}

// All of them: SIGTERM ends Python at once (ROB-15), and nobody catches EMFILE (ROB-30). What
// the careless one's recv returns of a frame whose second half is under way is a race.
INSTANTIATE_TEST_SUITE_P(
    Every, FramedServer,
    testing::Values(Example{"frames_length", {}, {"ROB-15", "ROB-30"}, and_these({})},
                    Example{"frames_careless",
                            {"ROB-02", "ROB-03", "ROB-17", "ROB-36"},
                            {"ROB-15", "ROB-30"},
                            and_these({}),
                            {"ROB-04.pipelining"}},
                    Example{"frames_nul", {}, {"ROB-15", "ROB-30"}, and_these({})},
                    Example{"frames_fixed",
                            {},
                            {"ROB-15", "ROB-30"},
                            and_these({"ROB-05", "ROB-08.big", "ROB-17", "ROB-17.big", "ROB-21",
                                       "ROB-29", "ROB-33.big"})},
                    Example{
                        "frames_eof",
                        {},
                        {"ROB-15", "ROB-30"},
                        and_these({"ROB-01", "ROB-01.same", "ROB-04", "ROB-04.pipelining", "ROB-13",
                                   "ROB-27", "ROB-28", "ROB-33", "ROB-40", "ROB-41", "ROB-43"})},
                    Example{"one_recv_oneshot",
                            {},
                            {"ROB-30"},
                            and_these({"ROB-02", "ROB-03", "ROB-04", "ROB-04.pipelining", "ROB-05",
                                       "ROB-08.big", "ROB-15", "ROB-17", "ROB-17.big", "ROB-19",
                                       "ROB-21", "ROB-28", "ROB-29", "ROB-33", "ROB-33.big",
                                       "ROB-35.patience", "ROB-36", "ROB-43"})}),
    [](const testing::TestParamInfo<Example>& each) { return each.param.name; });

TEST(FramingTest, WhatOneShotRulesOutSaysSo) {
  const auto result =
      run_dialtone({"list", kRobust, "--target", kExamples + "one_recv_oneshot.json"});
  ASSERT_EQ(result.exit_code, 0) << result.how << result.err;
  EXPECT_EQ(occurrences("[skipped: the profile's framing is oneshot]", result.out), 15);
}

TEST(FramingTest, NoRequestOfAOneShotServerIsCutByVariants) {
  if (python().empty()) GTEST_SKIP() << "there is no Python 3";
  const auto result =
      run_from_root({"run", kRobust, "--target", kExamples + "one_recv_oneshot.json", "--filter",
                     "ROB-01.once", "--vary", "segmentation", "--time-scale", "4"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  const auto lines =
      run_from_root({"run", kRobust, "--target", kExamples + "one_recv.json", "--filter",
                     "ROB-01.once", "--vary", "segmentation", "--time-scale", "4"});
  EXPECT_EQ(lines.exit_code, 1) << lines.how << lines.out;  // there the variants show the mistake
}

TEST(FramingTest, UntilEofRulesOutWhatNeedsMoreThanOneRequestAConnection) {
  const TemporaryDirectory dir;
  const auto profile = dir.write("p.json", R"({"address": "127.0.0.1:9", "framing": "until_eof",
    "provides": ["binary"], "encoding": "gbk",
    "parameters": {"request": "a", "reply": "b", "second_request": "c", "second_reply": "d",
                   "big_request": "e", "big_reply": {"repeat": "f", "times": 8000000},
                   "echo_request": "${data}", "echo_reply": "${data}", "bad_request": "g",
                   "bad_reply": "h", "endless_request": "i", "slow_limit": "9s"}})");
  const auto result = run_dialtone({"list", kRobust, "--target", profile});
  ASSERT_EQ(result.exit_code, 0) << result.how << result.err;
  const auto line_of = [&](const std::string& id) {
    const auto at = result.out.find("  " + id + " ");
    return result.out.substr(at, result.out.find('\n', at) - at);
  };
  for (const auto* id :
       {"ROB-01.once", "ROB-02", "ROB-03", "ROB-05", "ROB-06",     "ROB-08",
        "ROB-09",      "ROB-10", "ROB-11", "ROB-17", "ROB-17.big", "ROB-21",
        "ROB-22",      "ROB-23", "ROB-24", "ROB-29", "ROB-35",     "ROB-35.patience",
        "ROB-36",      "ROB-37", "ROB-44", "ROB-45"})
    EXPECT_THAT(line_of(id), Not(HasSubstr("skipped"))) << id;
  EXPECT_THAT(line_of("ROB-28"), HasSubstr("[skipped: the profile's framing is until_eof]"));
}

TEST(FramingTest, AFrameThatLacksItsEndIsShownInHexAndText) {
  const TemporaryDirectory dir;
  const auto suite = dir.write(
      "s.json",
      suite_json("s",
                 R"({"id": "F-1", "title": "t", "source": "s", "server": {"personality": "line"},
        "steps": [{"connect": "c"}, {"send": {"frame": "who?"}},
                  {"expect": {"frame": {"length_prefix": {"octets": 1}}}, "within": "300ms"}]},
        {"id": "F-2", "title": "t", "source": "s", "server": {"personality": "line"},
        "steps": [{"connect": "c"}, {"send": {"frame": "who?"}},
                  {"expect": {"frame": true, "body": {"regex": "(thank) you"}}, "capture": "x"}]})"));
  const auto result = run_dialtone({"run", suite});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.err;
  EXPECT_EQ(ids_with("pass", result.out), Ids{"F-2"}) << result.out;
  // "thank you !\n": a length of 116 octets, and 11 more.
  EXPECT_THAT(result.out, AllOf(HasSubstr("expected a frame of 117 octets, but nothing came within "
                                          "300ms; 12 octets had come"),
                                HasSubstr("74 68 61 6e 6b"), HasSubstr("thank you !")));
}

}  // namespace
}  // namespace dialtone
