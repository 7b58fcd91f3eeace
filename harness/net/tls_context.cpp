#include "harness/net/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <new>
#include <optional>

#include "harness/model/printable.hpp"
#include "harness/net/tls_identity.hpp"

namespace dialtone {
namespace {

Diagnostic bad_file(const TlsFile& file, std::string_view key, std::string_view hint) {
  return {file.where,
          fmt::format("'{}' is '{}', which OpenSSL refuses: {}", key, printable(file.path),
                      openssl_reason()),
          std::string(hint)};
}

/// Nobody is asked for the pass phrase of a key: a run in CI would wait for ever.
int no_pass_phrase(char*, int, int, void*) { return -1; }

int take_anyone(X509_STORE_CTX*, void*) { return 1; }

/// OpenSSL signs the key exchange of TLS 1.0 and 1.1 with SHA-1, at this level only.
constexpr const char* kOldCiphers = "DEFAULT:@SECLEVEL=0";

}  // namespace

std::string openssl_reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  const char* library = code == 0 ? nullptr : ERR_lib_error_string(code);
  if (reason == nullptr) return code == 0 ? "unknown error" : fmt::format("error {:#x}", code);
  return library == nullptr ? reason : fmt::format("{} ({})", reason, library);
}

std::string host_of(std::string_view address) {
  if (address.starts_with("unix:")) return {};
  const auto host = address.substr(0, address.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']'))
    return std::string(host.substr(1, host.size() - 2));
  return std::string(host);
}

std::string alpn_list(const std::vector<std::string>& protocols) {
  std::string list;
  for (const auto& protocol : protocols) list += static_cast<char>(protocol.size()) + protocol;
  return list;
}

TlsContext::TlsContext(const SSL_METHOD* method) : context_(SSL_CTX_new(method)) {
  if (!context_) throw std::bad_alloc();
  SSL_CTX_set_session_cache_mode(get(), SSL_SESS_CACHE_OFF);  // each connection is a first one
  SSL_CTX_set_default_passwd_cb(get(), no_pass_phrase);
  // In a handshake that a peer asks for later (TLS 1.2) nothing could be said until it ends.
  SSL_CTX_set_options(get(), SSL_OP_NO_RENEGOTIATION);
}

std::optional<Diagnostic> TlsContext::trust(const TlsSettings& settings) {
  verifies_ = settings.verify;
  // The chain is judged in the handshake, where the peer learns of it by an alert.
  SSL_CTX_set_verify(get(), verifies_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!settings.ca) {
    SSL_CTX_set_default_verify_paths(get());
    return std::nullopt;
  }
  if (SSL_CTX_load_verify_file(get(), settings.ca->path.c_str()) == 1) return std::nullopt;
  return bad_file(*settings.ca, "ca", "one or more certificates in PEM");
}

std::optional<Diagnostic> TlsContext::identify(const TlsSettings& settings) {
  if (!settings.certificate || !settings.key) return std::nullopt;
  if (SSL_CTX_use_certificate_chain_file(get(), settings.certificate->path.c_str()) != 1)
    return bad_file(*settings.certificate, "certificate", "a certificate in PEM, then its chain");
  if (SSL_CTX_use_PrivateKey_file(get(), settings.key->path.c_str(), SSL_FILETYPE_PEM) != 1)
    return bad_file(*settings.key, "key",
                    "the key of 'certificate', in PEM, without a pass phrase");
  return std::nullopt;
}

std::variant<std::shared_ptr<const TlsContext>, Diagnostic> TlsContext::make(
    const TlsSettings& settings) {
  ERR_clear_error();
  const std::shared_ptr<TlsContext> made(new TlsContext(TLS_client_method()));
  if (auto mistake = made->trust(settings)) return std::move(*mistake);
  if (auto mistake = made->identify(settings)) return std::move(*mistake);
  const bool newest_only = settings.min_version == "1.3";
  SSL_CTX_set_min_proto_version(made->get(), newest_only ? TLS1_3_VERSION : TLS1_2_VERSION);
  const auto offered = alpn_list(settings.alpn);
  if (!offered.empty()) {
    SSL_CTX_set_alpn_protos(made->get(), reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
  }
  return std::shared_ptr<const TlsContext>(made);
}

void TlsContext::show(const Identity& identity) {
  SSL_CTX_use_certificate(get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(get(), identity.key.get());
}

void TlsContext::trust(const Identity& authority) {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(get()), authority.certificate.get());
}

void TlsContext::demand_certificates(const TlsServing& serving) {
  if (serving.client_authority != nullptr) {
    trust(*serving.client_authority);
    SSL_CTX_add_client_CA(get(), serving.client_authority->certificate.get());
  }
  const bool asks = serving.settings.ca || serving.client_authority != nullptr;
  const int demands = serving.takes_any_client ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(get(), asks ? SSL_VERIFY_PEER | demands : SSL_VERIFY_NONE, nullptr);
  // Else a client that resumes a session would be refused.
  SSL_CTX_set_session_id_context(get(), reinterpret_cast<const unsigned char*>("dialtone"), 8);
  if (serving.takes_any_client) SSL_CTX_set_cert_verify_callback(get(), &take_anyone, nullptr);
}

void TlsContext::set_versions(const TlsServing& serving) {
  const bool newest_only = serving.refuses_tls12 || serving.settings.min_version == "1.3";
  SSL_CTX_set_min_proto_version(get(), newest_only ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (serving.refuses_tls13) SSL_CTX_set_max_proto_version(get(), TLS1_2_VERSION);
  if (!serving.takes_old_versions) return;
  SSL_CTX_set_min_proto_version(get(), TLS1_VERSION);
  SSL_CTX_set_cipher_list(get(), kOldCiphers);
}

void TlsContext::choose_protocol(const TlsServing& serving) {
  protocols_ = serving.agrees_on_any_protocol ? std::string() : alpn_list(serving.settings.alpn);
  if (serving.agrees_on_any_protocol || !protocols_.empty())
    SSL_CTX_set_alpn_select_cb(get(), &TlsContext::on_alpn, this);
}

/// The first of ours that the client offers; where we have none, the first that it offers.
int TlsContext::on_alpn(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                        const unsigned char* offered, unsigned offered_size, void* self) {
  const auto& ours = static_cast<const TlsContext*>(self)->protocols_;
  if (ours.empty()) {
    *chosen_size = *offered;
    *chosen = offered + 1;
    return SSL_TLSEXT_ERR_OK;
  }
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(
      &found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
      static_cast<unsigned>(ours.size()), offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::variant<std::shared_ptr<const TlsContext>, Diagnostic> TlsContext::make(
    const TlsServing& serving) {
  ERR_clear_error();
  const std::shared_ptr<TlsContext> made(new TlsContext(TLS_server_method()));
  if (serving.settings.ca) {
    if (auto mistake = made->trust(serving.settings)) return std::move(*mistake);
  }
  if (serving.identity != nullptr && !serving.settings.certificate) made->show(*serving.identity);
  if (auto mistake = made->identify(serving.settings)) return std::move(*mistake);
  made->demand_certificates(serving);
  made->set_versions(serving);
  made->choose_protocol(serving);
  return std::shared_ptr<const TlsContext>(made);
}

std::shared_ptr<const TlsContext> TlsContext::make(const Identity& authority,
                                                   const Identity& self) {
  const std::shared_ptr<TlsContext> made(new TlsContext(TLS_client_method()));
  SSL_CTX_set_verify(made->get(), SSL_VERIFY_PEER, nullptr);
  made->trust(authority);
  made->show(self);
  SSL_CTX_set_min_proto_version(made->get(), TLS1_2_VERSION);
  return made;
}

}  // namespace dialtone
