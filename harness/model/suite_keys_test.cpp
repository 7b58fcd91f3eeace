#include "harness/model/suite_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace dialtone {
namespace {

using ::testing::ElementsAre;

TEST(SuiteKeysTest, NamesAreUniqueAndExplained) {
  for (const auto keys : {suite_keys(), scenario_keys(), server_keys()}) {
    std::set<std::string_view> seen;
    for (const auto& key : keys) {
      EXPECT_TRUE(seen.insert(key.name).second) << key.name;
      EXPECT_FALSE(key.summary.empty()) << key.name;
    }
  }
}

TEST(SuiteKeysTest, NamesKeepTheirOrder) {
  EXPECT_THAT(names_of(server_keys()),
              ElementsAre("personality", "once", "any_address", "whole_message", "own_process",
                          "datagrams", "tls", "client_certificate", "closes_after_reply",
                          "closes_on_bad_request", "idle_limit", "slow_limit", "port"));
}

}  // namespace
}  // namespace dialtone
