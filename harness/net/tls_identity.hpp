#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

/// Certificates of our own, made when they are wanted: none is kept that could expire.
namespace dialtone {

struct FreeOpenssl {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
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
  std::string names{};        ///< "DNS:localhost,IP:127.0.0.1"; empty: none
  long days_from_today = -1;  ///< the first
  long days_to = 1;           ///< the last, from today
  bool authority = false;
};

/// Issued by `issuer`, or by itself. Throws std::runtime_error where OpenSSL takes no part of it.
Identity make_identity(const Subject& subject, const Identity* issuer = nullptr);

/// A directory of this process's own below the temporary one, which goes with the object.
class PrivateDirectory {
 public:
  PrivateDirectory();  ///< throws std::system_error
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file that nobody else can read; gives its path. Throws std::runtime_error.
  std::string write(const std::string& name, const std::string& content) const;

 private:
  std::string path_;
};

/// The authority that vouches for every certificate of this process which shall be trusted: made
/// at its first use, with a key that is never written anywhere.
class RunAuthority {
 public:
  static const RunAuthority& get();

  const Identity& identity() const { return identity_; }
  /// Its certificate in PEM, for programs that are launched: `${tls_ca}`. The file goes when this
  /// process ends.
  const std::string& file() const { return file_; }
  /// Another file beside it.
  std::string write(const std::string& name, const std::string& content) const {
    return directory_.write(name, content);
  }

  /// For "localhost" and this IP address, for some days.
  Identity issue(const std::string& ip) const;
  Identity issue(const Subject& subject) const { return make_identity(subject, &identity_); }

 private:
  RunAuthority();

  PrivateDirectory directory_;
  Identity identity_;
  std::string file_;
};

}  // namespace dialtone
