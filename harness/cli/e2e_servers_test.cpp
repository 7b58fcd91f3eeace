// Programs that are not ours: what redis-server, nginx and memcached do under the robust suite,
// small servers with the mistakes that users make, and what the article's programs do.
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
  Ids sometimes;  ///< warned or not, as a race comes out
};

void PrintTo(const Server& server, std::ostream* out) { *out << server.name; }

/// The profiles name files from the repository's root.
ProgramResult run_from_root(Words arguments) {
  auto command = dialtone_command(arguments);
  command.directory = DIALTONE_SOURCE_DIR;
  return run_program(command);
}

class RealServer : public testing::TestWithParam<Server> {
 protected:
  void SetUp() override {
    if (!is_installed(GetParam().program))
      GTEST_SKIP() << GetParam().program << " is not installed";
  }

  TemporaryDirectory files_;
};

TEST_P(RealServer, DoesWhatItsProfileSays) {
  const auto result = run_from_root({"run", kRobust, "--time-scale", "4", "--target",
                                     kProfiles + GetParam().name + ".json", "--var",
                                     "root=" + files_.path("root")});
  EXPECT_EQ(result.exit_code, 0) << result.how << result.out << result.err;
  EXPECT_THAT(ids_with("FAIL", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_EQ(ids_with("known", result.out), GetParam().known);
  auto warned = ids_with("warn", result.out);
  for (const auto& id : GetParam().sometimes) warned.erase(id);
  EXPECT_EQ(warned, GetParam().warned) << result.out;
  EXPECT_EQ(ids_with("skip", result.out), GetParam().skipped);
  EXPECT_FALSE(ids_with("pass", result.out).empty());
}

// ROB-30: at its limit of descriptors redis calls accept again and again. ROB-19: a recv that stops
// at the urgent mark may be taken by nginx for all that there is.
INSTANTIATE_TEST_SUITE_P(
    Every, RealServer,
    testing::Values(
        Server{"redis",
               "redis-server",
               {"ROB-08.big", "ROB-15", "ROB-32"},
               {},
               {"ROB-11.limit", "ROB-25", "ROB-27.closes_first", "ROB-35", "ROB-43", "ROB-45"},
               {"ROB-30"}},
        Server{"nginx",
               "nginx",
               {"ROB-08.big", "ROB-42"},
               {},
               {"ROB-17", "ROB-20", "ROB-21", "ROB-27.closes_first", "ROB-43", "ROB-45"},
               {"ROB-19"}},
        Server{"memcached",
               "memcached",
               {"ROB-15"},
               {},
               {"ROB-11.limit", "ROB-22.closes", "ROB-25", "ROB-26", "ROB-27.closes_first",
                "ROB-32", "ROB-35", "ROB-45"},
               {}}),
    [](const testing::TestParamInfo<Server>& each) { return each.param.name; });

/// A small server as users write them, with the mistakes that users make.
struct Example {
  std::string name;
  Ids failed;
  Ids warned;
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

class ExampleServer : public testing::TestWithParam<Example> {};

TEST_P(ExampleServer, FailsWhatTheReadmeSays) {
  const auto result = run_from_root(
      {"run", kRobust, "--time-scale", "2", "--target", kExamples + GetParam().name + ".json"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("FAIL", result.out), GetParam().failed) << result.out;
  EXPECT_EQ(ids_with("warn", result.out), GetParam().warned) << result.out;
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
}

INSTANTIATE_TEST_SUITE_P(
    Every, ExampleServer,
    testing::Values(Example{"article_server",
                            {"ROB-06", "ROB-07", "ROB-09", "ROB-10", "ROB-12", "ROB-14", "ROB-18",
                             "ROB-24", "ROB-34", "ROB-44"},
                            {"ROB-30"}},
                    Example{"article_loop", {"ROB-14"}, {"ROB-30"}},
                    Example{"one_recv",
                            {"ROB-02", "ROB-03", "ROB-28", "ROB-35.patience", "ROB-36"},
                            {"ROB-04", "ROB-15", "ROB-19", "ROB-30", "ROB-43"}},
                    Example{"one_client",
                            {"ROB-06", "ROB-07", "ROB-09", "ROB-10", "ROB-12", "ROB-14", "ROB-22",
                             "ROB-28", "ROB-33", "ROB-34", "ROB-35.patience", "ROB-36"},
                            {"ROB-04", "ROB-15", "ROB-30", "ROB-43"}},
                    Example{"select_loop",
                            {"ROB-06", "ROB-07", "ROB-12", "ROB-18", "ROB-23", "ROB-28", "ROB-33",
                             "ROB-34"},
                            {"ROB-08", "ROB-13", "ROB-15", "ROB-27", "ROB-30"}}),
    [](const testing::TestParamInfo<Example>& each) { return each.param.name; });

// The article's client has no limit of time of its own, and takes one recv for the reply.
TEST(ExampleClient, FailsWhatTheReadmeSays) {
  const auto result = run_from_root({"run", DIALTONE_SOURCE_DIR "/scenarios/client", "--target",
                                     kExamples + "article_client.json", "--time-scale", "2"});
  EXPECT_EQ(result.exit_code, 1) << result.how << result.out << result.err;
  EXPECT_EQ(ids_with("FAIL", result.out), (Ids{"CLI-09", "CLI-11", "CLI-12"})) << result.out;
  EXPECT_EQ(ids_with("warn", result.out), (Ids{"CLI-15", "CLI-16", "CLI-17", "CLI-24", "CLI-26"}));
  EXPECT_THAT(ids_with("ERROR", result.out), IsEmpty()) << result.out;
  EXPECT_THAT(ids_with("skip", result.out), IsEmpty()) << result.out;
}

}  // namespace
}  // namespace dialtone
