#include "harness/net/tls_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/net/tls_test_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class TlsContextTest : public testing::Test {
 protected:
  static Diagnostic mistake(const TlsSettings& settings) {
    auto made = TlsContext::make(settings);
    const auto* found = std::get_if<Diagnostic>(&made);
    EXPECT_NE(found, nullptr);
    return found == nullptr ? Diagnostic{} : *found;
  }

  TestPki pki;
};

TEST_F(TlsContextTest, AFileThatIsNoCertificateIsNamedWithItsPlace) {
  auto settings = trusting(pki.write("bad.pem", "no PEM"));
  settings.ca->where = {"p.json", 3, 9};
  const auto found = mistake(settings);
  EXPECT_EQ(found.where, (SourceLocation{"p.json", 3, 9}));
  EXPECT_THAT(found.message, AllOf(HasSubstr("'ca' is '"), HasSubstr("bad.pem"),
                                   HasSubstr("no certificate or crl found")));
}

TEST_F(TlsContextTest, AKeyOfAnotherCertificateIsRefused) {
  pki.issue("me", {"me", ""});
  pki.issue("other", {"other", ""});
  auto settings = trusting(pki.path("ca.pem"));
  settings.certificate = TlsFile{pki.path("me.pem"), {}};
  settings.key = TlsFile{pki.path("other.key"), {}};
  EXPECT_THAT(mistake(settings).message,
              AllOf(HasSubstr("'key' is '"), HasSubstr("key values mismatch")));
}

TEST_F(TlsContextTest, ACertificateThatIsNoneIsRefused) {
  pki.issue("me", {"me", ""});
  auto settings = trusting(pki.path("ca.pem"));
  settings.certificate = TlsFile{pki.path("me.key"), {}};
  settings.key = TlsFile{pki.path("me.key"), {}};
  EXPECT_THAT(mistake(settings).message,
              AllOf(HasSubstr("'certificate' is '"), HasSubstr("no start line")));
}

TEST(HostOfTest, IsWhatStandsBeforeThePort) {
  EXPECT_EQ(host_of("localhost:443"), "localhost");
  EXPECT_EQ(host_of("[::1]:443"), "::1");
  EXPECT_EQ(host_of("unix:/run/a.sock"), "");
}

TEST(AlpnListTest, PutsTheLengthBeforeEachName) {
  EXPECT_EQ(alpn_list({"h2", "http/1.1"}), "\x02h2\x08http/1.1");
  EXPECT_EQ(alpn_list({}), "");
}

}  // namespace
}  // namespace dialtone
