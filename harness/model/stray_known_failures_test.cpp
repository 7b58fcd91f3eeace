#include "harness/model/stray_known_failures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StrayKnownFailuresTest : public ::testing::Test {
 protected:
  StrayKnownFailuresTest() {
    std::string pattern = ::testing::TempDir() + "/strays_XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = pattern;
  }
  ~StrayKnownFailuresTest() override { std::filesystem::remove_all(folder_); }

  /// Loaded: what a file of the folder has, which holds these ids.
  std::shared_ptr<const Suite> loaded(const std::string& file,
                                      const std::vector<std::string>& ids) {
    auto suite = std::make_shared<Suite>();
    suite->file = write(file, ids);
    for (const auto& id : ids) suite->scenarios.emplace_back().id = id;
    return suite;
  }

  std::string write(const std::string& file, const std::vector<std::string>& ids) {
    auto path = (folder_ / file).string();
    std::ofstream out(path);
    out << R"({"suite": "s", "scenarios": [)";
    for (const auto& id : ids)
      out << (&id == ids.data() ? "" : ", ") << R"({"id": ")" << id << "\"}";
    out << "]}";
    return path;
  }

  static std::vector<std::string> strays(const std::vector<std::string>& known,
                                         const std::vector<std::shared_ptr<const Suite>>& suites) {
    std::map<std::string, KnownFailure> failures;
    for (const auto& id : known) failures[id] = {"r", "", {"p.json", 1, 2}};
    std::vector<std::string> shown;
    for (const auto& stray : stray_known_failures(failures, suites)) shown.push_back(render(stray));
    return shown;
  }

  std::filesystem::path folder_;
};

TEST_F(StrayKnownFailuresTest, AMisspeltIdIsToldWithTheNearestOne) {
  const auto suite = loaded("a.json", {"ROB-01", "ROB-12"});
  EXPECT_THAT(strays({"ROB-01.twice", "ROB-12", "rob-12"}, {suite}),
              ElementsAre("p.json:1:2: warning: known failure 'ROB-01.twice': no scenario has this "
                          "id\n  hint: did you mean 'ROB-01'?\n",
                          "p.json:1:2: warning: known failure 'rob-12': no scenario has this "
                          "id\n  hint: did you mean 'ROB-12'?\n"));
}

TEST_F(StrayKnownFailuresTest, AnotherCatalogueIsForAnotherRun) {
  const auto suite = loaded("a.json", {"TLS-01"});
  EXPECT_THAT(strays({"ROB-01.twice", "greeting", "TLS-01"}, {suite}), IsEmpty());
}

TEST_F(StrayKnownFailuresTest, AFileBesideThatWasNotLoadedMayHaveIt) {
  const auto suite = loaded("a.json", {"ROB-01"});
  write("b.json", {"ROB-31"});
  EXPECT_THAT(strays({"ROB-31"}, {suite}), IsEmpty());
  EXPECT_THAT(strays({"ROB-32"}, {suite}),
              ElementsAre("p.json:1:2: warning: known failure 'ROB-32': no scenario has this id\n"
                          "  hint: did you mean 'ROB-31'?\n"));
}

TEST_F(StrayKnownFailuresTest, WhereNoIdIsNearNoneIsNamed) {
  const auto suite = loaded("a.json", {"ROB-01"});
  EXPECT_THAT(strays({"ROB-999x.y"}, {suite}),
              ElementsAre("p.json:1:2: warning: known failure 'ROB-999x.y': no scenario has this "
                          "id\n"));
}

}  // namespace
}  // namespace dialtone
