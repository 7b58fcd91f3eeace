#include "harness/net/tls_test_support.hpp"

#include <gtest/gtest.h>

namespace dialtone {

TestPki::TestPki() : authority_(make_identity({"Test CA", "", -1, 1, true})) {
  write("ca.pem", authority_.certificate_pem());
}

Identity TestPki::issue(const std::string& name, const Subject& subject) const {
  auto identity = make_identity(subject, &authority_);
  write(name + ".pem", identity.certificate_pem());
  write(name + ".key", identity.key_pem());
  return identity;
}

std::unique_ptr<SSL_CTX, FreeContext> server_context(const Identity& identity) {
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  EXPECT_EQ(SSL_CTX_use_certificate(context.get(), identity.certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), identity.key.get()), 1);
  return context;
}

TlsSettings trusting(const std::string& path) {
  TlsSettings settings;
  settings.ca = TlsFile{path, {}};
  return settings;
}

}  // namespace dialtone
