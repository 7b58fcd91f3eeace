#include "harness/net/tls_session.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <new>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/tls_context.hpp"
#include "harness/net/tls_identity.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kRoom = 16 * 1024;  // the most that one record holds

BIO* memory() {
  auto* bio = BIO_new(BIO_s_mem());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_mem_eof_return(bio, -1);  // empty is "not yet": the end of the stream is told by others
  return bio;
}

bool is_ip(const std::string& name) {
  in6_addr address;
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

/// 0 where it says nothing.
int version_number(const std::string& version) {
  if (version == "1.0") return TLS1_VERSION;
  if (version == "1.1") return TLS1_1_VERSION;
  if (version == "1.2") return TLS1_2_VERSION;
  return version == "1.3" ? TLS1_3_VERSION : 0;
}

std::string one_line(const X509_NAME* name) {
  std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return printable(std::string_view(data, static_cast<std::size_t>(size)));
}

/// "subject CN=localhost, issued by CN=Some CA"
std::string show_certificate(const X509* certificate) {
  return fmt::format("subject {}, issued by {}", one_line(X509_get_subject_name(certificate)),
                     one_line(X509_get_issuer_name(certificate)));
}

std::string why_unverified(const SSL* ssl, const std::string& wanted_name) {
  const auto result = SSL_get_verify_result(ssl);
  std::string reason = X509_verify_cert_error_string(result);
  switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("{}, as it is not for '{}'", reason, printable(wanted_name));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return reason + ", so its authority is unknown here";
    default: return reason;
  }
}

/// In the words of RFC 8446 section 6, also those that OpenSSL 3.0 has no word for.
std::string alert_name(int value) {
  switch (value & 0xff) {
    case SSL_AD_MISSING_EXTENSION: return "missing extension";
    case SSL_AD_CERTIFICATE_REQUIRED: return "certificate required";
    default: break;
  }
  const std::string known = SSL_alert_desc_string_long(value);
  return known == "unknown" ? fmt::format("number {}", value & 0xff) : known;
}

}  // namespace

TlsSession::TlsSession(SSL_CTX* context) : ssl_(SSL_new(context)), in_(memory()), out_(memory()) {
  if (!ssl_) throw std::bad_alloc();
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_ex_data(ssl_.get(), 0, this);
  SSL_set_info_callback(ssl_.get(), &TlsSession::on_info);
  SSL_set_msg_callback(ssl_.get(), &TlsSession::on_message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
}

std::unique_ptr<TlsSession> TlsSession::client(SSL_CTX* context, const ClientOptions& options) {
  std::unique_ptr<TlsSession> session(new TlsSession(context));
  auto* ssl = session->ssl_.get();
  const auto& name = options.server_name;
  session->wanted_name_ = name;
  SSL_set_verify(ssl, SSL_get_verify_mode(ssl), &TlsSession::on_verify);
  if (is_ip(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
  } else if (!name.empty()) {
    std::string sni = name;  // the macro SSL_set_tlsext_host_name() holds a cast
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, sni.data());
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, name.c_str());
  }
  session->offer(options);
  SSL_set_connect_state(ssl);
  session->advance();
  return session;
}

void TlsSession::offer(const ClientOptions& options) {
  auto* ssl = ssl_.get();
  if (!options.alpn.empty()) {
    const auto offered = alpn_list({options.alpn});
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned>(offered.size()));
  }
  if (const int version = version_number(options.version); version != 0) {
    // At the default level OpenSSL refuses the signatures of TLS 1.0 and 1.1 on its own side.
    if (version < TLS1_2_VERSION) SSL_set_cipher_list(ssl, "DEFAULT:@SECLEVEL=0");
    SSL_set_min_proto_version(ssl, version);
    SSL_set_max_proto_version(ssl, version);
  }
  if (options.shown == ClientOptions::Shown::kNone) SSL_certs_clear(ssl);
  if (options.shown != ClientOptions::Shown::kStranger) return;
  static const Identity stranger = make_identity({"a stranger"});
  SSL_use_certificate(ssl, stranger.certificate.get());
  SSL_use_PrivateKey(ssl, stranger.key.get());
}

std::unique_ptr<TlsSession> TlsSession::server(SSL_CTX* context) {
  std::unique_ptr<TlsSession> session(new TlsSession(context));
  SSL_set_accept_state(session->ssl_.get());
  return session;
}

void TlsSession::receive(ByteView records) {
  if (is_broken() || has_close_notify()) return;
  BIO_write(in_, records.data(), static_cast<int>(records.size()));
  advance();
}

void TlsSession::advance() {
  if (!established_) {
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned != 1) return judge(returned);
    established_ = true;
  }
  decrypt();
}

void TlsSession::decrypt() {
  char room[kRoom];
  while (!is_broken()) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), room, sizeof room);
    if (count <= 0) return judge(count);
    plaintext_.append(room, static_cast<std::size_t>(count));
    accepted_ = true;
  }
}

void TlsSession::judge(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return;
    case SSL_ERROR_ZERO_RETURN:
      // Before the handshake is over there is no direction to end.
      if (!established_) problem_ = "the peer's alert: close notify";
      return;
    default: problem_ = failure(); return;
  }
}

std::string TlsSession::failure() {
  if (!peer_alert_.empty()) {
    ERR_clear_error();
    return fmt::format("the peer's alert: {}", peer_alert_);
  }
  const auto code = ERR_peek_error();
  if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED &&
      SSL_get_verify_result(ssl_.get()) != X509_V_OK) {
    ERR_clear_error();
    return fmt::format("the peer's certificate does not verify: {} ({})",
                       why_unverified(ssl_.get(), wanted_name_), refused_certificate_);
  }
  if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER && !established_) {
    ERR_clear_error();
    return "what the peer sent is no TLS of a version that is known here (wrong version number)";
  }
  return openssl_reason();
}

Bytes TlsSession::take_outgoing() {
  Bytes octets(BIO_ctrl_pending(out_), '\0');
  if (!octets.empty()) BIO_read(out_, octets.data(), static_cast<int>(octets.size()));
  return octets;
}

Bytes TlsSession::take_plaintext() { return std::exchange(plaintext_, {}); }

bool TlsSession::write(ByteView plaintext) {
  awaits_peer_ = false;
  if (!established_ || is_broken()) return false;
  while (!plaintext.empty()) {
    ERR_clear_error();
    const auto part = plaintext.substr(0, kRoom);
    const int count = SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size()));
    if (count <= 0) {
      awaits_peer_ = SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ;
      ERR_clear_error();
      return false;
    }
    plaintext.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void TlsSession::close() {
  if (!established_ || is_broken()) return;
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsSession::describe() const {
  auto text = fmt::format("{}, {}", SSL_get_version(ssl_.get()), SSL_get_cipher_name(ssl_.get()));
  text += alpn().empty() ? ", no ALPN" : fmt::format(", ALPN {}", printable(alpn()));
  const auto* certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return text + ", no certificate of the peer";
  text += fmt::format(", peer {}", one_line(X509_get_subject_name(certificate)));
  if ((SSL_get_verify_mode(ssl_.get()) & SSL_VERIFY_PEER) != 0) return text + " (verified)";
  if (SSL_get_verify_result(ssl_.get()) == X509_V_OK) return text + " (not asked to verify)";
  return fmt::format("{} (not verified: {})", text, why_unverified(ssl_.get(), wanted_name_));
}

std::vector<std::string> TlsSession::take_alerts() { return std::exchange(alerts_, {}); }

void TlsSession::on_info(const SSL* ssl, int where, int value) {
  if ((where & SSL_CB_ALERT) == 0) return;
  auto* self = static_cast<TlsSession*>(SSL_get_ex_data(ssl, 0));
  const bool by_peer = (where & SSL_CB_READ) != 0;
  const auto name = alert_name(value);
  const std::string level = SSL_alert_type_string_long(value);
  self->alerts_.push_back(
      fmt::format("TLS alert {} ({}): {}", by_peer ? "received" : "sent", level, name));
  const bool closes = (value & 0xff) == SSL_AD_CLOSE_NOTIFY;
  const bool fatal = (value >> 8) == SSL3_AL_FATAL;
  if (by_peer && fatal && !closes) self->peer_alert_ = name;
}

/// Leaves the verdict as it is. A certificate that is refused cannot be asked for later.
int TlsSession::on_verify(int good, X509_STORE_CTX* store) {
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<TlsSession*>(SSL_get_ex_data(ssl, 0));
  const auto* certificate = X509_STORE_CTX_get_current_cert(store);
  if (good == 0 && certificate != nullptr)
    self->refused_certificate_ = show_certificate(certificate);
  return good;
}

void TlsSession::on_message(int write_p, int, int type, const void* data, std::size_t size, SSL*,
                            void* self) {
  if (write_p != 0 || type != SSL3_RT_HANDSHAKE || size == 0) return;
  auto* session = static_cast<TlsSession*>(self);
  const auto message = *static_cast<const unsigned char*>(data);
  if (message == SSL3_MT_CERTIFICATE_REQUEST) session->asked_ = true;
  if (session->established_) session->accepted_ = true;
}

}  // namespace dialtone
