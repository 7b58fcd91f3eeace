#include "harness/model/tls_settings.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <variant>

#include "harness/model/printable.hpp"
#include "harness/model/profile_keys.hpp"
#include "harness/model/program_spec.hpp"
#include "harness/model/read_file.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kLongestAlpn = 255;  // octets, RFC 7301 section 3.1

std::string text(const JsonNode& node, std::string_view what, LoadContext& context) {
  return read_profile_text(node, what, {}, context).constant().value_or("");
}

std::optional<TlsFile> file(const JsonNode& object, std::string_view key, LoadContext& context) {
  const auto* node = object.find(key);
  if (node == nullptr) return std::nullopt;
  const auto mistakes = context.mistakes();
  const auto name = text(*node, fmt::format("'{}'", key), context);
  if (context.mistakes() != mistakes) return std::nullopt;
  const auto path = std::filesystem::path(context.file()).parent_path() / name;
  const auto content = read_file(path.string());
  if (const auto* problem = std::get_if<FileProblem>(&content)) {
    context.report(*node,
                   fmt::format("'{}' is '{}': {}", key, printable(path.string()), problem->message),
                   "a PEM file; a relative name stands for a file beside the profile");
    return std::nullopt;
  }
  return TlsFile{path.string(), context.at(*node)};
}

std::vector<std::string> protocols(const JsonNode* node, LoadContext& context) {
  std::vector<std::string> names;
  if (node == nullptr || !context.expect_kind(*node, JsonNode::Kind::kArray, "'alpn'"))
    return names;
  for (const auto& item : node->items) {
    if (!context.expect_kind(item, JsonNode::Kind::kString, "each of 'alpn'")) continue;
    if (item.string.empty() || item.string.size() > kLongestAlpn)
      context.report(item, fmt::format("a protocol's name has 1 to {} octets", kLongestAlpn));
    names.push_back(item.string);
  }
  return names;
}

void read_verify(const JsonNode* node, TlsSettings& settings, LoadContext& context) {
  if (node != nullptr && context.expect_kind(*node, JsonNode::Kind::kBoolean, "'verify'"))
    settings.verify = node->boolean;
}

/// A certificate without its key shows nobody who we are.
void check_pair(const JsonNode& node, LoadContext& context) {
  const auto* certificate = node.find("certificate");
  const auto* key = node.find("key");
  if (certificate != nullptr && key == nullptr)
    context.report(*certificate, "'certificate' needs 'key'", R"("key": "client.key")");
  if (key != nullptr && certificate == nullptr)
    context.report(*key, "'key' needs 'certificate'", R"("certificate": "client.pem")");
}

}  // namespace

std::optional<TlsSettings> read_tls(const JsonNode& node, LoadContext& context) {
  TlsSettings settings;
  settings.where = context.at(node);
  if (node.kind == JsonNode::Kind::kBoolean)
    return node.boolean ? std::optional(settings) : std::nullopt;
  if (node.kind != JsonNode::Kind::kObject) {
    context.report(node,
                   fmt::format("'tls' must be true or an object, but is {}",
                               found_instead(node, JsonNode::Kind::kObject)),
                   R"("tls": {"ca": "ca.pem", "server_name": "localhost"})");
    return std::nullopt;
  }
  check_profile_keys(node, tls_keys(), "'tls'", context);
  settings.ca = file(node, "ca", context);
  settings.certificate = file(node, "certificate", context);
  settings.key = file(node, "key", context);
  check_pair(node, context);
  if (const auto* name = node.find("server_name"))
    settings.server_name = text(*name, "'server_name'", context);
  settings.alpn = protocols(node.find("alpn"), context);
  read_verify(node.find("verify"), settings, context);
  if (const auto* version = node.find("min_version")) settings.min_version = version->string;
  return settings;
}

}  // namespace dialtone
