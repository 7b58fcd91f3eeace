#include "harness/net/tls_identity.hpp"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "harness/net/tls_context.hpp"

namespace dialtone {
namespace {

constexpr long kDay = 24L * 60 * 60;
// A run ends sooner. The first day is yesterday, since clocks differ.
constexpr long kDays = 30;
constexpr int kSerialBits = 63;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(fmt::format("{}: {}", what, openssl_reason()));
}

std::string taken(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

void extend(X509* certificate, int nid, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  require(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Two certificates of one issuer must not have the same (RFC 5280 section 4.1.2.2), nor those of
/// two runs whose authorities have one name.
void set_serial(X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> serial(BN_new(), &BN_free);
  require(BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "serial");
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate));
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
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  require(made.key && made.certificate, "a key");
  auto* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  set_serial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), subject.days_from_today * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), subject.days_to * kDay);
  X509_set_pubkey(certificate, made.key.get());
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.common_name.c_str()),
                             -1, -1, 0);
  X509_set_issuer_name(certificate,
                       issuer == nullptr ? name : X509_get_subject_name(issuer->certificate.get()));
  if (subject.authority) extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
  if (!subject.names.empty()) extend(certificate, NID_subject_alt_name, subject.names);
  auto* signer = issuer == nullptr ? made.key.get() : issuer->key.get();
  require(X509_sign(certificate, signer, EVP_sha256()) > 0, "a signature");
  return made;
}

PrivateDirectory::PrivateDirectory() {
  std::string pattern = std::filesystem::temp_directory_path() / "dialtone-pki-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), pattern);
  path_ = pattern;
}

PrivateDirectory::~PrivateDirectory() {
  std::error_code none;
  std::filesystem::remove_all(path_, none);
}

std::string PrivateDirectory::write(const std::string& name, const std::string& content) const {
  auto file = path(name);
  // The directory is for us alone (mkdtemp(3): 0700), whatever the file says.
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush()) throw std::runtime_error(file + " cannot be written");
  return file;
}

RunAuthority::RunAuthority()
    : identity_(make_identity({"Dialtone's CA of this run", "", -1, kDays, true})),
      file_(directory_.write("ca.pem", identity_.certificate_pem())) {}

const RunAuthority& RunAuthority::get() {
  static const RunAuthority authority;
  return authority;
}

Identity RunAuthority::issue(const std::string& ip) const {
  return issue(Subject{"localhost", fmt::format("DNS:localhost,IP:{}", ip), -1, kDays, false});
}

}  // namespace dialtone
