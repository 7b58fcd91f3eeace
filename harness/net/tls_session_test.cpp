#include "harness/net/tls_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "harness/net/tls_test_support.hpp"

namespace dialtone {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two sessions that are connected in memory.
class TlsSessionTest : public testing::Test {
 protected:
  void connect(const TlsSettings& settings, const std::string& name = "localhost") {
    auto made = TlsContext::make(settings);
    context_ = std::get<std::shared_ptr<const TlsContext>>(made);
    client = TlsSession::client(context_->get(), {name, {}});
    server = TlsSession::server(server_side.get());
    exchange();
  }

  /// Carries octets both ways until there are none, `step` at a time.
  void exchange(std::size_t step = 1 << 20) {
    while (carry(*client, *server, step) || carry(*server, *client, step)) continue;
  }

  static bool carry(TlsSession& from, TlsSession& to, std::size_t step) {
    const auto octets = from.take_outgoing();
    for (std::size_t at = 0; at < octets.size(); at += step)
      to.receive(ByteView(octets).substr(at, step));
    return !octets.empty();
  }

  void serve(const Subject& subject) { server_side = server_context(pki.issue("server", subject)); }

  TestPki pki;
  Subject localhost{"localhost", "DNS:localhost,IP:127.0.0.1"};
  std::unique_ptr<SSL_CTX, FreeContext> server_side =
      server_context(pki.issue("server", {"localhost", "DNS:localhost,IP:127.0.0.1"}));
  std::unique_ptr<TlsSession> client;
  std::unique_ptr<TlsSession> server;

 private:
  std::shared_ptr<const TlsContext> context_;
};

TEST_F(TlsSessionTest, CarriesOctetsBothWays) {
  connect(trusting(pki.path("ca.pem")));
  ASSERT_TRUE(client->is_established()) << client->problem();
  EXPECT_TRUE(client->write("ping"));
  EXPECT_TRUE(server->write("pong"));
  exchange();
  EXPECT_EQ(server->take_plaintext(), "ping");
  EXPECT_EQ(client->take_plaintext(), "pong");
  EXPECT_EQ(client->take_plaintext(), "");
  EXPECT_THAT(client->describe(), AllOf(HasSubstr("TLSv1.3, TLS_"), HasSubstr("no ALPN"),
                                        HasSubstr("peer CN=localhost (verified)")));
}

TEST_F(TlsSessionTest, RecordsMayBeCutAnywhere) {
  connect(trusting(pki.path("ca.pem")));
  const Bytes large(40'000, 'x');
  EXPECT_TRUE(server->write(large));
  exchange(1);
  EXPECT_EQ(client->take_plaintext(), large);
}

TEST_F(TlsSessionTest, AServerThatAsksForAnotherHandshakeHindersNoWrite) {
  const auto made = TlsContext::make(trusting(pki.path("ca.pem")));
  const auto& context = std::get<std::shared_ptr<const TlsContext>>(made);
  client = TlsSession::client(context->get(), {"localhost", {}});
  RenegotiatingServer asking(server_side.get());
  while (!client->is_established() && !client->is_broken()) {
    asking.receive(client->take_outgoing());
    client->receive(asking.take_outgoing());
  }
  asking.ask_again();
  client->receive(asking.take_outgoing());
  EXPECT_TRUE(client->write("ping"));
  EXPECT_THAT(client->take_alerts(), Contains("TLS alert sent (warning): no renegotiation"));
}

TEST_F(TlsSessionTest, AnIpAddressIsVerifiedAsOne) {
  connect(trusting(pki.path("ca.pem")), "127.0.0.1");
  EXPECT_TRUE(client->is_established()) << client->problem();
  connect(trusting(pki.path("ca.pem")), "127.0.0.2");
  EXPECT_FALSE(client->is_established());
  EXPECT_THAT(client->problem(), HasSubstr("IP address mismatch"));
}

TEST_F(TlsSessionTest, AnotherNameDoesNotVerify) {
  connect(trusting(pki.path("ca.pem")), "example.org");
  EXPECT_THAT(client->problem(),
              AllOf(HasSubstr("does not verify"),
                    HasSubstr("hostname mismatch, as it is not for 'example.org'"),
                    HasSubstr("subject CN=localhost")));
  EXPECT_THAT(client->take_alerts(), Contains(HasSubstr("TLS alert sent (fatal): ")));
}

TEST_F(TlsSessionTest, AnUnknownAuthorityDoesNotVerify) {
  const auto other = make_identity({"Other CA", "", -1, 1, true});
  connect(trusting(pki.write("other.pem", other.certificate_pem())));
  EXPECT_THAT(client->problem(),
              AllOf(HasSubstr("unable to get local issuer certificate"),
                    HasSubstr("its authority is unknown here"), HasSubstr("issued by CN=Test CA")));
  EXPECT_EQ(server->problem(), "the peer's alert: unknown CA");
}

TEST_F(TlsSessionTest, AnExpiredCertificateDoesNotVerify) {
  serve({"localhost", "DNS:localhost", -9, -2});
  connect(trusting(pki.path("ca.pem")));
  EXPECT_THAT(client->problem(), HasSubstr("certificate has expired"));
  EXPECT_EQ(server->problem(), "the peer's alert: certificate expired");
}

TEST_F(TlsSessionTest, WithoutVerificationItIsSaidWhatWasNotVerified) {
  auto settings = trusting(pki.path("ca.pem"));
  settings.verify = false;
  connect(settings, "example.org");
  EXPECT_TRUE(client->is_established()) << client->problem();
  EXPECT_THAT(client->describe(), HasSubstr("not verified: hostname mismatch"));
}

TEST_F(TlsSessionTest, CloseNotifyEndsOneDirection) {
  connect(trusting(pki.path("ca.pem")));
  EXPECT_TRUE(server->write("last words"));
  server->close();
  exchange();
  EXPECT_TRUE(client->has_close_notify());
  EXPECT_FALSE(client->is_broken());
  EXPECT_EQ(client->take_plaintext(), "last words");
  EXPECT_THAT(client->take_alerts(), Contains("TLS alert received (warning): close notify"));
  EXPECT_FALSE(server->write("more"));
  EXPECT_TRUE(client->write("still here"));
  exchange();
  EXPECT_EQ(server->take_plaintext(), "still here");
}

TEST_F(TlsSessionTest, WithoutCloseNotifyThereIsNone) {
  connect(trusting(pki.path("ca.pem")));
  EXPECT_TRUE(server->write("x"));
  exchange();
  EXPECT_FALSE(client->has_close_notify());
}

TEST_F(TlsSessionTest, WhatIsNoTlsBreaksTheHandshake) {
  connect(trusting(pki.path("ca.pem")));
  auto made = TlsContext::make(trusting(pki.path("ca.pem")));
  const auto context = std::get<std::shared_ptr<const TlsContext>>(made);
  client = TlsSession::client(context->get(), {});
  client->receive("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THAT(client->problem(), HasSubstr("no TLS"));
}

TEST_F(TlsSessionTest, AChangedRecordBreaksTheSession) {
  connect(trusting(pki.path("ca.pem")));
  EXPECT_TRUE(server->write("secret"));
  auto record = server->take_outgoing();
  record.back() = static_cast<char>(record.back() ^ 1);
  client->receive(record);
  EXPECT_TRUE(client->is_broken());
  EXPECT_THAT(client->problem(), HasSubstr("decryption failed or bad record mac"));
  EXPECT_EQ(client->take_plaintext(), "");
}

TEST_F(TlsSessionTest, AMissingClientCertificateIsToldAfterTheHandshake) {
  SSL_CTX_set_verify(server_side.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  connect(trusting(pki.path("ca.pem")));
  EXPECT_TRUE(client->is_established());
  EXPECT_TRUE(client->was_asked_for_certificate());
  EXPECT_FALSE(client->is_accepted());
  EXPECT_EQ(client->problem(), "the peer's alert: certificate required");
}

TEST_F(TlsSessionTest, AClientCertificateIsShown) {
  SSL_CTX_set_verify(server_side.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_load_verify_file(server_side.get(), pki.path("ca.pem").c_str());
  pki.issue("me", {"me", ""});
  auto settings = trusting(pki.path("ca.pem"));
  settings.certificate = TlsFile{pki.path("me.pem"), {}};
  settings.key = TlsFile{pki.path("me.key"), {}};
  connect(settings);
  EXPECT_TRUE(client->is_established());
  EXPECT_TRUE(client->is_accepted());
  EXPECT_THAT(server->describe(), HasSubstr("peer CN=me (verified)"));
}

TEST_F(TlsSessionTest, AVersionThatIsTooOldIsRefused) {
  SSL_CTX_set_max_proto_version(server_side.get(), TLS1_2_VERSION);
  connect(trusting(pki.path("ca.pem")));
  EXPECT_THAT(client->describe(), HasSubstr("TLSv1.2"));
  auto settings = trusting(pki.path("ca.pem"));
  settings.min_version = "1.3";
  connect(settings);
  EXPECT_EQ(client->problem(), "the peer's alert: protocol version");
}

int choose_h2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
              unsigned int in_size, void*) {
  static const unsigned char kOffer[] = "\x02h2";
  const int chosen =
      SSL_select_next_proto(const_cast<unsigned char**>(out), size, kOffer, 3, in, in_size);
  return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TEST_F(TlsSessionTest, AlpnAgreesOrIsRefused) {
  SSL_CTX_set_alpn_select_cb(server_side.get(), choose_h2, nullptr);
  auto settings = trusting(pki.path("ca.pem"));
  settings.alpn = {"http/1.1", "h2"};
  connect(settings);
  EXPECT_EQ(client->alpn(), "h2");
  EXPECT_THAT(client->describe(), HasSubstr("ALPN h2"));
  settings.alpn = {"redis"};
  connect(settings);
  EXPECT_EQ(client->problem(), "the peer's alert: no application protocol");
}

}  // namespace
}  // namespace dialtone
