#pragma once

#include <string_view>

#include "harness/model/diagnostic.hpp"
#include "harness/model/json_cursor.hpp"
#include "harness/model/json_source.hpp"

namespace dialtone {

/// How far the reading of a JSON text came before it failed.
struct JsonProgress {
  enum class After { kNothing, kOpening, kKey, kValue };

  JsonCursor cursor;               // right behind the last token that was accepted
  After after = After::kNothing;   // what that token was (a closed array or object is a value)
  const JsonNode* open = nullptr;  // the innermost array or object that is still open
};

/// What is wrong behind `progress`, in plain words: what the grammar wants there and what stands
/// there instead. The parser only says that it failed; its own words are never shown.
Diagnostic explain_json_mistake(std::string_view file, const JsonProgress& progress);

/// What is wrong with an octet that no JSON text may hold: ill-formed UTF-8 or a control character.
Diagnostic explain_bad_octet(std::string_view file, const JsonCursor& cursor);

}  // namespace dialtone
