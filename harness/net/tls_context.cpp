#include "harness/net/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <new>
#include <optional>

#include "harness/model/printable.hpp"

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

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::bad_alloc();
  SSL_CTX_set_session_cache_mode(get(), SSL_SESS_CACHE_OFF);  // each connection is a first one
  SSL_CTX_set_default_passwd_cb(get(), no_pass_phrase);
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
  const std::shared_ptr<TlsContext> made(new TlsContext());
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

}  // namespace dialtone
