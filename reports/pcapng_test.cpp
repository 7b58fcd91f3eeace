#include "reports/pcapng.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "harness/model/printable.hpp"
#include "reports/golden.hpp"
#include "reports/hostile_run.hpp"
#include "reports/pcapng_reading.hpp"
#include "reports/sample_run.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

std::map<std::string, Bytes> captures(const RunResult& run) {
  std::map<std::string, Bytes> files;
  kPcapngReport.write_files(run, {}, [&](const std::string& name, const auto& write) {
    std::ostringstream out;
    write(out);
    files[name] = out.str();
  });
  return files;
}

/// Comments and packets, readable.
std::string shown(const Bytes& file) {
  std::string text;
  const auto lines = pcapng::summary(file);
  std::size_t packet = 0;
  for (const auto& block : pcapng::read_blocks(file)) {
    for (const auto& comment : block.comments()) text += "  # " + comment + "\n";
    if (block.type == 6)
      text += fmt::format("  {}  {}\n", to_hex(block.fixed.substr(4, 8)), lines.at(packet++));
  }
  return text;
}

TEST(PcapngTest, TheSampleRunIsThatOfTheGolden) {
  std::string text;
  for (const auto& [name, file] : captures(sample_run())) text += name + "\n" + shown(file);
  expect_golden("pcapng.txt", text);
}

TEST(PcapngTest, EachFileSaysThatItIsSyntheticAndWhatItIsOf) {
  for (const auto& [name, file] : captures(sample_run())) {
    const auto blocks = pcapng::read_blocks(file);
    ASSERT_GE(blocks.size(), 2U);
    EXPECT_THAT(blocks[0].comments(),
                AllOf(Contains(HasSubstr("Synthetic: ")), Contains(HasSubstr("verdict: ")),
                      Contains(HasSubstr("target: my server"))));
    EXPECT_THAT(blocks[1].values(3), Contains(HasSubstr("synthetic")));
  }
}

TEST(PcapngTest, WhatDidNotRunHasNoFile) {
  auto run = sample_run();
  const auto files = captures(run);
  EXPECT_EQ(files.count("article.listener_ART-36.pcapng"), 0U);  // skipped
  EXPECT_EQ(files.count("article.samples_ART-09.pcapng"), 1U);
}

TEST(PcapngTest, RepetitionsHaveFilesOfTheirOwn) {
  auto run = sample_run();
  run.results.push_back(run.results[0]);
  for (auto* result : {&run.results.front(), &run.results.back()}) result->repetitions = 2;
  run.results.back().repetition = 2;
  EXPECT_EQ(captures(run).count("article.samples_ART-09_1_2.pcapng"), 1U);
  EXPECT_EQ(captures(run).count("article.samples_ART-09_2_2.pcapng"), 1U);
}

TEST(PcapngTest, HostileTextsAreInertInNamesAndComments) {
  const auto files = captures(hostile_run());
  EXPECT_THAT(files, SizeIs(kHostile.size()));
  for (const auto& [name, file] : files) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_.~"),
              std::string::npos)
        << name;
    for (const auto& block : pcapng::read_blocks(file))
      for (const auto& comment : block.comments()) EXPECT_EQ(comment, printable(comment));
  }
  EXPECT_NO_THROW(captures(run_with(all_octets())));
}

}  // namespace
}  // namespace dialtone
