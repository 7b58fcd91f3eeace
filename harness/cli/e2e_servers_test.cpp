// Servers that are not ours, under the robust suite: what redis-server, nginx and memcached do, and
// three small servers with the mistakes that users make.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/cli/e2e_support.hpp"

namespace dialtone {
namespace {

using testing::IsEmpty;

using Ids = std::set<std::string>;

const std::string kRobust = DIALTONE_SOURCE_DIR "/scenarios/robust";
const std::string kProfiles = DIALTONE_SOURCE_DIR "/fixtures/profiles/";
const std::string kExamples = DIALTONE_SOURCE_DIR "/fixtures/examples/";

bool is_installed(const std::string& program) {
  for (const auto* directory : {"/usr/bin/", "/usr/sbin/"}) {
    if (std::filesystem::exists(directory + program)) return true;
  }
  return false;
}

/// What a server is known to do; whatever is not named here passes.
struct Server {
  std::string name;
  std::string program;  ///< of Debian's package
  Ids known;            ///< known failures of its profile
  Ids warned;
  Ids skipped;
};

void PrintTo(const Server& server, std::ostream* out) { *out << server.name; }

class RealServer : public testing::TestWithParam<Server> {
 protected:
  void SetUp() override {
    if (!is_installed(GetParam().program))
      GTEST_SKIP() << GetParam().program << " is not installed";
  }

  /// The profiles name files from the repository's root.
  ProgramResult run(Words arguments) const {
    arguments.insert(arguments.end(), {"--target", kProfiles + GetParam().name + ".json", "--var",
                                       "root=" + files_.path("root")});
    auto command = dialtone_command(arguments);
    command.directory = DIALTONE_SOURCE_DIR;
    return run_program(command);
  }

 private:
  TemporaryDirectory files_;
};

TEST_P(RealServer, DoesWhatItsProfileSays) {
  const auto result = run({"run", kRobust, "--time-scale", "4"});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_EQ(ids_with("known", result.out), GetParam().known);
  EXPECT_EQ(ids_with("warn", result.out), GetParam().warned);
  EXPECT_EQ(ids_with("skip", result.out), GetParam().skipped);
  EXPECT_FALSE(ids_with("pass", result.out).empty());
}

}  // namespace
}  // namespace dialtone
