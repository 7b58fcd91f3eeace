#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "harness/model/tls_settings.hpp"
#include "harness/net/tls_context.hpp"

/// Certificates for tests, made when they are wanted: none is kept that could expire.
namespace dialtone {

struct FreeOpenssl {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

/// A certificate and its key.
struct Identity {
  std::unique_ptr<X509, FreeOpenssl> certificate;
  std::unique_ptr<EVP_PKEY, FreeOpenssl> key;

  std::string certificate_pem() const;
  std::string key_pem() const;
};

/// Who is named in a certificate, and when it holds.
struct Subject {
  std::string common_name;
  std::string names;          ///< "DNS:localhost,IP:127.0.0.1"; empty: none
  long days_from_today = -1;  ///< the first
  long days_to = 1;           ///< the last, from today
  bool authority = false;
};

/// Issued by `issuer`, or by itself.
Identity make_identity(const Subject& subject, const Identity* issuer = nullptr);

/// A CA and what it issued to "localhost" and 127.0.0.1, in files of a directory of its own.
class TestPki {
 public:
  TestPki();
  ~TestPki();
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  const Identity& authority() const { return authority_; }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  /// Issues, and writes NAME.pem and NAME.key.
  Identity issue(const std::string& name, const Subject& subject) const;
  /// Writes a file; gives its path.
  std::string write(const std::string& name, const std::string& content) const;

 private:
  std::string directory_;
  Identity authority_;  // in ca.pem
};

/// A server's context with this identity.
std::unique_ptr<SSL_CTX, FreeOpenssl> server_context(const Identity& identity);

/// Settings with the authority that stands in `path`.
TlsSettings trusting(const std::string& path);

}  // namespace dialtone
