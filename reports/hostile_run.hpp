#pragma once

#include <array>
#include <string_view>

#include "harness/model/bytes.hpp"
#include "harness/model/result.hpp"

/// For the tests of reports: what somebody would send who wants out of the text.
namespace dialtone {

using namespace std::string_view_literals;

/// Octets that end an element, an attribute, a script, a style, a comment or CDATA in some reader,
/// load something, or hide what follows.
inline constexpr std::array kHostile{
    "</script><script>window.pwned=1</script>"sv,
    "</style><style>*{display:none}</style>"sv,
    "\"><img src=x onerror=\"window.pwned=1\">"sv,
    "' onmouseover='window.pwned=1' x='"sv,
    "<svg/onload=window.pwned=1><a href=\"javascript:window.pwned=1\">x</a>"sv,
    "</title></textarea><iframe src=\"http://127.0.0.1:9/\"></iframe>"sv,
    "]]>--><!--<![CDATA["sv,
    "&lt;b&gt; &#x3c;script&#x3e; &amp;"sv,
    "\0nul\x01\x08\x1b[31mred\x7f"sv,
    "\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u2028\ufeff"sv,
    "\xc3\x28 \xff\xfe \xed\xa0\x80 \xf4\x90\x80\x80 \xc4"sv,
    "line\r\nline\ttab"sv};

/// A run in which each of kHostile stands in each text that can come from a file, a peer or a
/// program; scenarios 0 to 11 in the order of kHostile, each with another verdict than the one
/// before.
RunResult hostile_run();

/// A failing scenario with the same octets in every place that a peer, a file or a program can
/// fill.
RunResult run_with(const Bytes& octets);

/// 0x00 to 0xff.
Bytes all_octets();

/// One scenario that failed with megabytes of everything.
RunResult run_with_a_flood();

}  // namespace dialtone
