#include "harness/net/tls_test_support.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace dialtone {
namespace {

std::string taken(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

void extend(X509* certificate, int nid, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  EXPECT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

long next_serial() {
  static long serial = 0;
  return ++serial;
}

}  // namespace

std::string Identity::certificate_pem() const {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate.get());
  return taken(bio);
}

std::string Identity::key_pem() const {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return taken(bio);
}

Identity make_identity(const Subject& subject, const Identity* issuer) {
  constexpr long day = 24 * 60 * 60;
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  auto* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), next_serial());
  X509_gmtime_adj(X509_getm_notBefore(certificate), subject.days_from_today * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), subject.days_to * day);
  X509_set_pubkey(certificate, made.key.get());
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.common_name.c_str()),
                             -1, -1, 0);
  X509_set_issuer_name(certificate,
                       issuer == nullptr ? name : X509_get_subject_name(issuer->certificate.get()));
  if (subject.authority) extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
  if (!subject.names.empty()) extend(certificate, NID_subject_alt_name, subject.names);
  X509_sign(certificate, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
  return made;
}

TestPki::TestPki() : authority_(make_identity({"Test CA", "", -1, 1, true})) {
  std::string pattern = std::filesystem::temp_directory_path() / "dialtone-pki-XXXXXX";
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  write("ca.pem", authority_.certificate_pem());
}

TestPki::~TestPki() {
  std::error_code none;
  std::filesystem::remove_all(directory_, none);
}

Identity TestPki::issue(const std::string& name, const Subject& subject) const {
  auto identity = make_identity(subject, &authority_);
  write(name + ".pem", identity.certificate_pem());
  write(name + ".key", identity.key_pem());
  return identity;
}

std::string TestPki::write(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

std::unique_ptr<SSL_CTX, FreeOpenssl> server_context(const Identity& identity) {
  std::unique_ptr<SSL_CTX, FreeOpenssl> context(SSL_CTX_new(TLS_server_method()));
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
