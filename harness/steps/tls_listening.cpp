#include "harness/steps/tls_listening.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

#include "harness/net/tls_identity.hpp"

namespace dialtone {
namespace {

using Flaw = TlsListening::Flaw;

constexpr std::array kOfTls{"flaw", "certificate", "key", "ca", "alpn"};
constexpr std::size_t kLongestAlpn = 255;  // octets, RFC 7301 section 3.1

Flaw read_flaw(const StepReader& reader) {
  const auto written = reader.text_or("flaw", "");
  if (written == "other_name") return Flaw::kOtherName;
  if (written == "expired") return Flaw::kExpired;
  return written == "stranger" ? Flaw::kStranger : Flaw::kNone;
}

/// Beside the suite.
std::optional<TlsFile> file(StepReader& reader, std::string_view field) {
  const auto* node = reader.node(field);
  if (node == nullptr) return std::nullopt;
  const auto directory = std::filesystem::path(reader.context().file()).parent_path();
  return TlsFile{(directory / node->string).string(), reader.context().at(*node)};
}

void check_fields(StepReader& reader, bool wanted) {
  for (const auto* field : kOfTls) {
    if (!wanted && reader.has(field))
      reader.report(field, fmt::format("'{}' needs TLS", field), R"("tls": true)");
  }
  if (reader.has("certificate") != reader.has("key")) {
    const auto* there = reader.has("key") ? "key" : "certificate";
    const auto* missing = reader.has("key") ? "certificate" : "key";
    reader.report(there, fmt::format("'{}' needs '{}'", there, missing));
  }
  if (reader.has("certificate") && reader.has("flaw"))
    reader.report("flaw", "'flaw' is of a certificate that the harness makes",
                  "leave out 'certificate' and 'key'");
  const auto alpn = reader.text_or("alpn", "");
  if (reader.has("alpn") && (alpn.empty() || alpn.size() > kLongestAlpn))
    reader.report("alpn", fmt::format("a protocol's name has 1 to {} octets", kLongestAlpn));
}

Identity flawed_identity(Flaw flaw, const SocketAddress& local) {
  const auto names = fmt::format("DNS:localhost,IP:{}", local.host());
  switch (flaw) {
    case Flaw::kNone: break;
    case Flaw::kOtherName:
      return RunAuthority::get().issue(Subject{"other.invalid", "DNS:other.invalid"});
    case Flaw::kExpired: return RunAuthority::get().issue(Subject{"localhost", names, -9, -2});
    case Flaw::kStranger: return make_identity({"localhost", names});
  }
  return RunAuthority::get().issue(local.host());
}

}  // namespace

TlsListening::TlsListening(StepReader& reader)
    : wanted_(reader.flag("tls")), flaw_(read_flaw(reader)) {
  check_fields(reader, wanted_);
  if (reader.has("alpn")) settings_.alpn = {reader.text_or("alpn", "")};
  if (wanted_) read_files(reader);
}

void TlsListening::read_files(StepReader& reader) {
  settings_.ca = file(reader, "ca");
  settings_.certificate = file(reader, "certificate");
  settings_.key = file(reader, "key");
  if (!settings_.ca && !settings_.certificate) return;
  TlsServing serving;
  serving.settings = settings_;
  const auto made = TlsContext::make(serving);
  const auto* mistake = std::get_if<Diagnostic>(&made);
  if (mistake == nullptr) return;
  for (const auto* field : {"ca", "certificate", "key"}) {
    const auto* node = reader.node(field);
    if (node != nullptr && mistake->message.starts_with(fmt::format("'{}'", field)))
      reader.context().report(*node, mistake->message, mistake->hint);
  }
}

std::shared_ptr<const TlsContext> TlsListening::context(const SocketAddress& local) const {
  TlsServing serving;
  serving.settings = settings_;
  std::optional<Identity> made;
  if (!settings_.certificate) serving.identity = &made.emplace(flawed_identity(flaw_, local));
  auto context = TlsContext::make(serving);
  // The files were good when the suite was read.
  if (auto* mistake = std::get_if<Diagnostic>(&context)) throw std::runtime_error(mistake->message);
  return std::get<std::shared_ptr<const TlsContext>>(std::move(context));
}

}  // namespace dialtone
