#pragma once

#include <CLI/App.hpp>
#include <string>

namespace dialtone {

/// For options of which an empty text, such as a script's unset variable, must not pass for none.
inline CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& text) {
        return text.empty() ? std::string("must not be empty") : std::string();
      },
      "");
}

}  // namespace dialtone
