#include "harness/model/profile_claims.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

std::string shown_for(const std::string& text) {
  Diagnostics diagnostics;
  load_profile("p.json", text, {}, diagnostics);
  std::string shown;
  for (const auto& diagnostic : diagnostics) shown += render(diagnostic);
  return shown;
}

const std::string kStart = R"("start": {"command": ["./s"]})";

TEST(ProfileClaimsTest, WhatNobodyLaunchesIsNoProcessOfOurs) {
  EXPECT_THAT(
      shown_for(R"({"address": "127.0.0.1:1",
 "provides": ["loop", "process", "control.restart", "server_side", "client"]})"),
      StrEq(R"(p.json:2:23: 'process' cannot be provided by saying so: nobody launches this target
  hint: "start": {"command": ["./server", "${port}"]} provides it; or leave it out
p.json:2:34: 'control.restart' cannot be provided by saying so: nobody launches this target
  hint: "start": {"command": ["./server", "${port}"]} provides it; or leave it out
p.json:2:53: 'server_side' cannot be provided by saying so: only the built-in server has it
  hint: leave it out
p.json:2:68: 'client' cannot be provided by saying so: the profile has no program 'client'
  hint: "programs": {"client": ["./client", "${host}", "${port}"]} provides it
)"));
}

TEST(ProfileClaimsTest, WhatAProfileProvidesAnywayMayBeSaid) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:${port}", )" + kStart + R"(,
 "controls": {"close_listener": {"signal": "SIGUSR1"}}, "programs": {"client": ["./c"]},
 "provides": ["process", "process_control", "control.restart", "control.close_listener", "client",
              "local", "socket_table"]})"),
              StrEq(""));
}

TEST(ProfileClaimsTest, AControlNeedsItsSignalAndAProgramToSendItTo) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:${port}", )" + kStart +
                        R"(, "provides": ["control.close_listener"]})"),
              HasSubstr("nothing says how it is done"));
  EXPECT_THAT(
      shown_for(
          R"({"address": "127.0.0.1:1", "controls": {"close_listener": {"signal": "USR1"}}})"),
      HasSubstr("its signal goes to a program that 'start' launches, and there is none"));
}

TEST(ProfileClaimsTest, WhatATargetIsToldMustBeTakenBackWhereItOutlivesTheScenario) {
  const std::string close = R"("controls": {"close_listener": {"command": ["./c"])";
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:1", )" + close + "}}}"),
              HasSubstr("the target outlives the scenario, and nothing takes it back"));
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:${port}", "isolation": "shared", )" + kStart +
                        R"(, "controls": {"close_listener": {"signal": "USR1"}}})"),
              HasSubstr("the target outlives the scenario, and nothing takes it back"));
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:1", "concurrency": 2, )" + close +
                        R"(, "undo": {"command": ["./o"]}}}})"),
              HasSubstr("scenarios that run at the same time would meet it too"));
  EXPECT_THAT(
      shown_for(R"({"address": "127.0.0.1:1", )" + close + R"(, "undo": {"signal": "USR1"}}}})"),
      HasSubstr("its signal goes to a program that 'start' launches"));
}

TEST(ProfileClaimsTest, WhatIsWrongWithAControlIsToldOnce) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:1", "provides": ["control.close_listener"],
 "controls": {"close_listener": {"command": ["./c"]}}})"),
              StrEq("p.json:2:15: 'control.close_listener' cannot be provided by saying so: the "
                    "target outlives the scenario, and nothing takes it back\n"
                    "  hint: \"undo\": {\"command\": [\"./admin\", \"open\"]}\n"));
}

// It is the harness that launches a server again.
TEST(ProfileClaimsTest, ARestartIsNoControlOfAProfile) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:1", "controls": {"restart": {"command": ["./r"],
 "undo": {"command": ["true"]}}}})"),
              StrEq("p.json:1:41: unknown control 'restart'\n"
                    "  hint: known: close_listener, pause_accept\n"));
}

TEST(ProfileClaimsTest, ASharedProcessIsNotAScenariosOwn) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:${port}", "isolation": "shared", )" + kStart +
                        R"(, "provides": ["process", "process_control"]})"),
              HasSubstr("'process_control' cannot be provided by saying so: all scenarios share"));
}

TEST(ProfileClaimsTest, WhatIsFoundOutIsNotBelieved) {
  for (const std::string name : {"socket_table", "tcp", "process_observation"}) {
    EXPECT_THAT(shown_for(R"({"address": "192.0.2.1:1", "provides": [")" + name + R"("]})"),
                HasSubstr("it is found out when the run begins"))
        << name;
  }
}

TEST(ProfileClaimsTest, TlsTakesItsSettings) {
  EXPECT_THAT(shown_for(R"({"address": "127.0.0.1:1", "provides": ["tls"]})"),
              HasSubstr("does not say how TLS is spoken"));
}

}  // namespace
}  // namespace dialtone
