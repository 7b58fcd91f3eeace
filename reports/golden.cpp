#include "reports/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace dialtone {

std::string testdata(std::string_view name) {
  return std::string(DIALTONE_SOURCE_DIR "/reports/testdata/") + std::string(name);
}

void expect_golden(std::string_view name, const std::string& actual) {
  if (std::getenv("DIALTONE_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(testdata(name)) << actual;
    return;
  }
  std::ifstream file(testdata(name));
  ASSERT_TRUE(file) << "no golden " << name << "; make it with DIALTONE_UPDATE_GOLDENS=1";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(actual, golden.str()) << "where the change is meant: DIALTONE_UPDATE_GOLDENS=1";
}

}  // namespace dialtone
