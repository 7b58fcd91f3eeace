#pragma once

#include <map>
#include <string>

#include "harness/model/json_source.hpp"

namespace dialtone {

/// What stands for each `${name}`.
using NodeValues = std::map<std::string, JsonNode, std::less<>>;

/// The name that an object gives a meaning of its own within its "steps"; empty where it gives
/// none.
using OwnName = std::string (*)(const JsonNode& object);

/// A copy of `node` in which each text that is `${name}` and no more is replaced by the value of
/// that name, and each `${name}` inside a longer text by the value's text: a string, or a whole
/// number. Names without a value stay, and so does `$${`. Where `own_name` says that an object
/// gives a name another meaning, that name stays in its "steps". Places in the file are those of
/// `node`.
JsonNode substitute(const JsonNode& node, const NodeValues& values, OwnName own_name = nullptr);

/// Whether a value can stand for a name inside a longer text.
bool is_text_value(const JsonNode& node);

/// A text as a node.
JsonNode text_node(std::string text, Position position);

}  // namespace dialtone
