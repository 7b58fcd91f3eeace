#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "harness/cli/e2e_readers_support.hpp"

namespace dialtone {

using Outcomes = std::map<std::string, std::string>;  ///< of the scenarios, by their ids

/// "R-1" of "R-1: a title".
std::string id_of(const std::string& name);

/// One run whose scenarios fail, warn, pass, are known, skipped and flaky, and give an error, in
/// this order, R-1 to R-7, against a server whose octets are hostile; and its reports in every
/// format.
class ReadersTest : public testing::Test {
 protected:
  void SetUp() override;

  TemporaryDirectory dir_;
  const std::string junit_ = dir_.path("junit.xml");
  const std::string xunit_ = dir_.path("xunit.xml");
  const std::string tap_ = dir_.path("run.tap");
  const std::string tap13_ = dir_.path("run13.tap");
  const std::string ctrf_ = dir_.path("ctrf.json");
  const std::string annotations_ = dir_.path("annotations.txt");
  const std::string summary_ = dir_.path("summary.md");
  const std::string log_ = dir_.path("run.ndjson");
  const std::string json_ = dir_.path("run.json");
  const std::string html_ = dir_.path("html/run.html");
  const std::string captures_ = dir_.path("captures");
};

}  // namespace dialtone
