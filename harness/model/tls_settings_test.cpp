#include "harness/model/tls_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/model/profile.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TlsSettingsTest : public testing::Test {
 protected:
  TlsSettingsTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "dialtone-tls-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    std::ofstream(directory_ + "/ca.pem") << "anything";
  }
  ~TlsSettingsTest() override { std::filesystem::remove_all(directory_); }

  std::optional<TlsSettings> read(const std::string& tls) {
    const auto text =
        R"({"address": "localhost:1", "vars": {"name": "example.org"}, "tls": )" + tls + "}";
    return load_profile(directory_ + "/p.json", text, {}, diagnostics).tls;
  }
  std::string mistake(const std::string& tls) {
    diagnostics.clear();
    read(tls);
    return diagnostics.size() == 1 ? diagnostics.front().message
                                   : std::to_string(diagnostics.size()) + " mistakes";
  }

  std::string directory_;
  Diagnostics diagnostics;
};

TEST_F(TlsSettingsTest, TrueVerifiesAndFalseIsWithoutTls) {
  const auto settings = read("true");
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->verify);
  EXPECT_FALSE(settings->ca);
  EXPECT_FALSE(read("false"));
  EXPECT_THAT(diagnostics, IsEmpty());
}

TEST_F(TlsSettingsTest, FilesStandBesideTheProfile) {
  const auto settings = read(R"({"ca": "ca.pem", "server_name": "${name}", "alpn": ["h2"],
                                 "verify": false, "min_version": "1.3"})");
  EXPECT_THAT(diagnostics, IsEmpty());
  ASSERT_TRUE(settings && settings->ca);
  EXPECT_EQ(settings->ca->path, directory_ + "/ca.pem");
  EXPECT_EQ(settings->ca->where.column, 75);
  EXPECT_EQ(settings->server_name, "example.org");
  EXPECT_THAT(settings->alpn, ElementsAre("h2"));
  EXPECT_FALSE(settings->verify);
  EXPECT_EQ(settings->min_version, "1.3");
}

TEST_F(TlsSettingsTest, MistakesAreTold) {
  EXPECT_THAT(mistake("1"), HasSubstr("'tls' must be true or an object, but is"));
  EXPECT_THAT(mistake(R"({"caa": "ca.pem"})"), HasSubstr("'caa'"));
  EXPECT_THAT(mistake(R"({"ca": "none.pem"})"),
              AllOf(HasSubstr("'ca' is '"), HasSubstr("No such file")));
  EXPECT_THAT(mistake(R"({"ca": 1})"), HasSubstr("'ca' must be a string"));
  EXPECT_THAT(mistake(R"({"ca": "${nobody}"})"), HasSubstr("unknown variable 'nobody'"));
  EXPECT_EQ(mistake(R"({"key": "ca.pem"})"), "'key' needs 'certificate'");
  EXPECT_EQ(mistake(R"({"certificate": "ca.pem"})"), "'certificate' needs 'key'");
  EXPECT_EQ(mistake(R"({"min_version": "1.1"})"), "'min_version' must be \"1.2\" or \"1.3\"");
  EXPECT_THAT(mistake(R"({"alpn": "h2"})"), HasSubstr("'alpn' must be an array"));
  EXPECT_EQ(mistake(R"({"alpn": [""]})"), "a protocol's name has 1 to 255 octets");
  EXPECT_THAT(mistake(R"({"verify": 0})"), HasSubstr("'verify' must be true or false"));
}

}  // namespace
}  // namespace dialtone
