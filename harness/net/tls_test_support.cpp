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

RenegotiatingServer::RenegotiatingServer(SSL_CTX* context)
    : ssl_(SSL_new(context)), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_accept_state(ssl_.get());
  SSL_set_max_proto_version(ssl_.get(), TLS1_2_VERSION);
}

void RenegotiatingServer::receive(const std::string& records) {
  BIO_write(in_, records.data(), static_cast<int>(records.size()));
  SSL_do_handshake(ssl_.get());
}

std::string RenegotiatingServer::take_outgoing() {
  std::string octets(BIO_ctrl_pending(out_), '\0');
  if (!octets.empty()) BIO_read(out_, octets.data(), static_cast<int>(octets.size()));
  return octets;
}

void RenegotiatingServer::ask_again() {
  SSL_renegotiate(ssl_.get());
  SSL_do_handshake(ssl_.get());
}

TlsSettings trusting(const std::string& path) {
  TlsSettings settings;
  settings.ca = TlsFile{path, {}};
  return settings;
}

}  // namespace dialtone
