#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/load_context.hpp"

namespace dialtone {

/// A PEM file that a profile names.
struct TlsFile {
  std::string path;  ///< as it is opened; relative names stand for what is beside the profile
  SourceLocation where;
};

/// A profile's "tls": how its target is spoken to over TLS.
struct TlsSettings {
  std::optional<TlsFile> ca{};           ///< trusted, and nobody else; absent: the system's
  std::optional<TlsFile> certificate{};  ///< of our own, with what chains it to the peer's CA
  std::optional<TlsFile> key{};          ///< of that certificate
  std::string server_name{};        ///< sent (SNI) and verified; empty: the host of the address
  std::vector<std::string> alpn{};  ///< protocols that are offered (RFC 7301)
  bool verify = true;
  std::string min_version = "1.2";  ///< or "1.3"
  SourceLocation where{};
};

/// What `node`, the value of "tls", says: true, false (nullopt) or an object. Mistakes, a file that
/// cannot be read among them, are reported; what stands in the files is judged by whoever opens
/// them.
std::optional<TlsSettings> read_tls(const JsonNode& node, LoadContext& context);

}  // namespace dialtone
