#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "harness/model/diagnostic.hpp"
#include "harness/model/tls_settings.hpp"

namespace dialtone {

/// What all TLS connections to one target share: whom we trust, who we are, what we offer.
class TlsContext {
 public:
  /// Opens the files; a Diagnostic with OpenSSL's reason where one of them is not what it must be.
  static std::variant<std::shared_ptr<const TlsContext>, Diagnostic> make(
      const TlsSettings& settings);

  /// OpenSSL counts its references; a connection does not change it.
  SSL_CTX* get() const { return context_.get(); }
  bool verifies() const { return verifies_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  TlsContext();
  std::optional<Diagnostic> trust(const TlsSettings& settings);
  std::optional<Diagnostic> identify(const TlsSettings& settings);

  std::unique_ptr<SSL_CTX, Free> context_;
  bool verifies_ = true;
};

/// How connections to a target come to speak TLS.
struct TlsTransport {
  std::shared_ptr<const TlsContext> context;
  std::string server_name;  ///< sent as SNI unless it is an IP address, and verified either way
};

/// The name that is verified where a profile gives none: the host of an address as it was written,
/// "[::1]:7788" or "host:port". Empty for a Unix socket, which has none.
std::string host_of(std::string_view address);

/// The protocols as they are offered: each with the octet of its length before it (RFC 7301).
std::string alpn_list(const std::vector<std::string>& protocols);

/// The oldest error of OpenSSL's queue of this thread, which is empty afterwards; "unknown error"
/// where there is none.
std::string openssl_reason();

}  // namespace dialtone
