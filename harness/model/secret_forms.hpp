#pragma once

#include <set>
#include <string_view>

#include "harness/model/bytes.hpp"

namespace dialtone {

/// The octet strings as which a secret could be met: its text in every encoding that suites know
/// and in UTF-16; each of these as it is shown, in hex (either case, and the usual separators),
/// base64 (also within more of it, and in the alphabet of URLs) and percent-escapes; its text with
/// the escapes of JSON, XML, HTML and URLs. What is shorter than 4 octets is left out.
std::set<Bytes> forms_of_secret(std::string_view value);

}  // namespace dialtone
