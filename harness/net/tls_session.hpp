#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// One TLS connection without its socket: octets of the peer go in, octets for the peer and those
/// of the application come out. What happens is kept as facts to be asked for; nothing is thrown
/// but std::bad_alloc.
class TlsSession {
 public:
  struct ClientOptions {
    std::string server_name{};  ///< empty: neither SNI nor a check of the name
    std::string alpn{};         ///< the only protocol that is offered, in place of the context's
    std::string version{};      ///< the only one that is offered: "1.0", "1.1", "1.2" or "1.3"
    /// The certificate for a server that asks for one: the context's, none, or one that a stranger
    /// has issued to itself.
    enum class Shown { kOwn, kNone, kStranger } shown = Shown::kOwn;
  };

  /// A client whose first message is ready to be taken.
  static std::unique_ptr<TlsSession> client(SSL_CTX* context, const ClientOptions& options);
  /// A server that waits for its client.
  static std::unique_ptr<TlsSession> server(SSL_CTX* context);

  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Octets of the peer, however they were cut.
  void receive(ByteView records);
  /// Octets for the peer; taken once.
  Bytes take_outgoing();

  /// What the application of the peer has said since; taken once.
  Bytes take_plaintext();
  /// Encrypts; false where our direction has ended, the session is broken, or the peer must speak
  /// first.
  bool write(ByteView plaintext);
  /// The last write could not go on before the peer's part of a new handshake: nobody is gone.
  bool awaits_peer() const { return awaits_peer_; }
  /// Ends our direction by close_notify.
  void close();

  bool is_established() const { return established_; }
  /// The peer has ended its direction. Whatever comes after that is ignored (RFC 8446 section 6.1).
  bool has_close_notify() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0 && !is_broken();
  }
  /// We have ended ours.
  bool has_sent_close_notify() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0;
  }
  /// No more can be said or heard: an alert, or octets that are no TLS.
  bool is_broken() const { return !problem_.empty(); }
  /// Why it is broken, such as "the peer's alert: handshake failure"; empty where it is not.
  const std::string& problem() const { return problem_; }
  /// It is broken by an alert of the peer's.
  bool was_refused() const { return !peer_alert_.empty(); }
  /// Whether the peer asked for a certificate of ours. Over TLS 1.3 it judges what it got after our
  /// side of the handshake is over.
  bool was_asked_for_certificate() const { return asked_; }
  bool is_tls13() const { return SSL_version(ssl_.get()) >= TLS1_3_VERSION; }
  /// Something came after the handshake, such as a session ticket: the peer has taken our part.
  bool is_accepted() const { return accepted_; }

  /// The protocol agreed on; empty where there is none.
  std::string alpn() const;
  /// "TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2, peer CN=localhost (verified)", printable.
  std::string describe() const;
  /// Alerts that went either way, as they came; taken once.
  std::vector<std::string> take_alerts();

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  explicit TlsSession(SSL_CTX* context);
  void offer(const ClientOptions& options);
  void advance();
  void decrypt();
  void judge(int returned);
  std::string failure();
  static int on_verify(int good, X509_STORE_CTX* store);
  static void on_info(const SSL* ssl, int where, int value);
  static void on_message(int write_p, int version, int type, const void* data, std::size_t size,
                         SSL* ssl, void* self);

  std::unique_ptr<SSL, Free> ssl_;
  BIO* in_;   // owned by ssl_
  BIO* out_;  // owned by ssl_
  Bytes plaintext_;
  std::vector<std::string> alerts_;
  std::string peer_alert_;
  std::string problem_;
  std::string wanted_name_;
  std::string refused_certificate_;
  bool established_ = false;
  bool asked_ = false;
  bool accepted_ = false;
  bool awaits_peer_ = false;
};

}  // namespace dialtone
