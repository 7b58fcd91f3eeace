#pragma once

#include <string>
#include <string_view>

/// What of the HTML report is the same in each: neither holds '<' or '&', so that the document is
/// well-formed XML too.
namespace dialtone {

extern const std::string_view kHtmlStyle;
extern const std::string_view kHtmlScript;

/// The Content-Security-Policy of a report: nothing but these two, by their SHA-256. Nothing is
/// loaded, nothing is sent, and markup that got in by an error of ours could not run.
std::string html_policy();

}  // namespace dialtone
