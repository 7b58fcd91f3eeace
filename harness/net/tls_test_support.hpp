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

/// A server over TLS 1.2 that may ask for another handshake, in memory.
class RenegotiatingServer {
 public:
  explicit RenegotiatingServer(SSL_CTX* context);

  /// Goes on with the handshake.
  void receive(const std::string& records);
  std::string take_outgoing();
  /// A HelloRequest (RFC 5246 section 7.4.1.1).
  void ask_again();

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  std::unique_ptr<SSL, Free> ssl_;
  BIO* in_;   // owned by ssl_
  BIO* out_;  // owned by ssl_
};

/// Settings with the authority that stands in `path`.
TlsSettings trusting(const std::string& path);

}  // namespace dialtone
