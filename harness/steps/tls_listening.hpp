#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/model/step_reader.hpp"
#include "harness/net/socket_address.hpp"
#include "harness/net/tls_context.hpp"

namespace dialtone {

/// How a listener of the harness speaks TLS: `listen`'s fields "tls" and what goes with it. Without
/// files of its own it shows a certificate that is made when it listens, for "localhost" and its
/// own address: what issued it is the authority in the file ${tls_ca}, which a client under test is
/// told to trust. So no certificate is kept that could expire.
class TlsListening {
 public:
  /// What is wrong with such a certificate, so that a client must refuse it.
  enum class Flaw { kNone, kOtherName, kExpired, kStranger };

  /// Reports what is wrong with the fields, and files that OpenSSL refuses.
  explicit TlsListening(StepReader& reader);

  bool is_wanted() const { return wanted_; }
  /// For a listener at this address.
  std::shared_ptr<const TlsContext> context(const SocketAddress& local) const;

 private:
  void read_files(StepReader& reader);

  bool wanted_;
  Flaw flaw_;
  TlsSettings settings_;
};

}  // namespace dialtone
