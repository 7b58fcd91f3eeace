#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "harness/model/tls_settings.hpp"
#include "harness/net/tls_context.hpp"
#include "harness/net/tls_identity.hpp"

/// Certificates for tests, made when they are wanted: none is kept that could expire.
namespace dialtone {

/// A CA and what it issued to "localhost" and 127.0.0.1, in files of a directory of its own.
class TestPki {
 public:
  TestPki();

  const Identity& authority() const { return authority_; }
  std::string path(const std::string& name) const { return directory_.path(name); }
  /// Issues, and writes NAME.pem and NAME.key.
  Identity issue(const std::string& name, const Subject& subject) const;
  /// Writes a file; gives its path.
  std::string write(const std::string& name, const std::string& content) const {
    return directory_.write(name, content);
  }

 private:
  PrivateDirectory directory_;
  Identity authority_;  // in ca.pem
};

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

/// A server's context with this identity.
std::unique_ptr<SSL_CTX, FreeContext> server_context(const Identity& identity);

/// Settings with the authority that stands in `path`.
TlsSettings trusting(const std::string& path);

}  // namespace dialtone
