#pragma once

#include <string>

/// Reads what we wrote with libxml2 (`xmllint`), a parser that is not ours.
namespace dialtone {

/// What xmllint has against `document` as XML; empty where it is well-formed.
std::string xml_complaints(const std::string& document);

/// ... against it under a schema of reports/testdata; empty where it is valid.
std::string schema_complaints(const std::string& document, const std::string& schema);

/// What an XPath 1.0 expression yields of the document, as text without the LF at its end.
std::string xpath(const std::string& document, const std::string& expression);

}  // namespace dialtone
