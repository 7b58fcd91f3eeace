#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "reports/html_assets.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kDigestLength = 32;                // octets of a SHA-256
constexpr std::size_t kBase64Length = (32 + 2) / 3 * 4;  // characters

std::string source_of(std::string_view content) {
  std::array<unsigned char, kDigestLength> digest{};
  if (EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
      1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  std::array<unsigned char, kBase64Length + 1> base64{};  // EVP_EncodeBlock ends it with NUL
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", std::string(base64.begin(), base64.end() - 1));
}

}  // namespace

std::string html_policy() {
  return fmt::format(
      "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
      source_of(kHtmlStyle), source_of(kHtmlScript));
}

}  // namespace dialtone
