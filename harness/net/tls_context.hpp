#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/tls_settings.hpp"

namespace dialtone {

struct Identity;

/// How a server of ours speaks TLS. What is pointed at must live until the context is made.
struct TlsServing {
  /// certificate, key, alpn and min_version as a profile has them; `ca`: clients must show a
  /// certificate that chains to it. The rest is not looked at.
  TlsSettings settings{};
  const Identity* identity = nullptr;  ///< what it shows where the settings name no certificate
  const Identity* client_authority = nullptr;  ///< as `ca`, in memory

  // Where it can be made to misbehave.
  bool takes_any_client = false;  ///< asks for a certificate, and looks at none
  bool takes_old_versions = false;
  bool refuses_tls12 = false;
  bool refuses_tls13 = false;
  bool agrees_on_any_protocol = false;  ///< ALPN: whatever is offered first
};

/// What all TLS connections to one target share: whom we trust, who we are, what we offer.
class TlsContext {
 public:
  /// Opens the files; a Diagnostic with OpenSSL's reason where one of them is not what it must be.
  static std::variant<std::shared_ptr<const TlsContext>, Diagnostic> make(
      const TlsSettings& settings);

  /// A server's. A protocol is agreed on where the client offers one of `alpn`; where it offers
  /// others only, it is told no_application_protocol (RFC 7301 section 3.2).
  static std::variant<std::shared_ptr<const TlsContext>, Diagnostic> make(
      const TlsServing& serving);
  /// A client's that trusts this authority and nobody else, and shows `self` where it is asked.
  static std::shared_ptr<const TlsContext> make(const Identity& authority, const Identity& self);

  /// OpenSSL counts its references; a connection does not change it.
  SSL_CTX* get() const { return context_.get(); }
  bool verifies() const { return verifies_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  explicit TlsContext(const SSL_METHOD* method);
  void show(const Identity& identity);
  void trust(const Identity& authority);
  void demand_certificates(const TlsServing& serving);
  void set_versions(const TlsServing& serving);
  void choose_protocol(const TlsServing& serving);
  static int on_alpn(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size,
                     const unsigned char* offered, unsigned offered_size, void* self);
  std::optional<Diagnostic> trust(const TlsSettings& settings);
  std::optional<Diagnostic> identify(const TlsSettings& settings);

  std::unique_ptr<SSL_CTX, Free> context_;
  bool verifies_ = true;
  std::string protocols_;  ///< of a server, as alpn_list() has them
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
