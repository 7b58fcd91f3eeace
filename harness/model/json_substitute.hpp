#pragma once

#include <map>
#include <string>

#include "harness/model/json_source.hpp"

namespace dialtone {

/// A copy of `node` in which each text that is `${name}` and no more is replaced by the value of
/// that name, and each `${name}` inside a longer text by the value's text. Names without a value
/// stay, and so does `$${`. Places in the file are those of `node`.
JsonNode substitute(const JsonNode& node,
                    const std::map<std::string, JsonNode, std::less<>>& values);

/// A text as a node.
JsonNode text_node(std::string text, Position position);

}  // namespace dialtone
