#pragma once

#include "harness/model/result.hpp"
#include "reports/html_writer.hpp"

/// Octets in hex and, beside it, as text.
namespace dialtone::html {

/// Octets shown of one payload.
inline constexpr std::size_t kPayloadLimit = 256;

/// Two cells of a table: hex, and text in `encoding`. At most kPayloadLimit octets, and how many
/// more there were.
void write_payload_cells(HtmlWriter& html, ByteView bytes, Encoding encoding);

/// Expected beside actual, eight octets a row, a window around the first octet that differs. It is
/// in a mark element with bars, |dd|; octets after it that differ are underlined.
void write_difference(HtmlWriter& html, const ByteComparison& comparison);

}  // namespace dialtone::html
