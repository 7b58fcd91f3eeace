#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "reports/hostile_run.hpp"
#include "reports/html.hpp"
#include "reports/sample_run.hpp"

/// Opens reports in Debian's Chromium, through ci/html/browser_test.mjs.
namespace dialtone {
namespace {

namespace fs = std::filesystem;

constexpr int kSkipped = 77;  // what browser_test.mjs exits with, after it said why

void write_to(const fs::path& file, const RunResult& run) {
  std::ofstream out(file, std::ios::binary);
  kHtmlReport.write(run, {.variant = {}, .root = {}}, out);
}

TEST(HtmlBrowserTest, ReportsWorkInChromium) {
  const auto directory =
      fs::path(testing::TempDir()) / ("dialtone-html-" + std::to_string(::getpid()));
  fs::create_directories(directory);
  write_to(directory / "sample.html", sample_run());
  write_to(directory / "hostile.html", hostile_run());
  const auto command =
      "node " DIALTONE_SOURCE_DIR "/ci/html/browser_test.mjs '" + directory.string() + "' 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  std::array<char, 4096> piece{};
  while (const auto length = std::fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), length);
  const int status = ::pclose(pipe);
  fs::remove_all(directory);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == kSkipped || code == 127) GTEST_SKIP() << output;
  EXPECT_EQ(code, 0) << output;
}

}  // namespace
}  // namespace dialtone
