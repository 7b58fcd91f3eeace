#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialtone {

/// A word that may stand where the cursor is.
struct Candidate {
  std::string word;
  std::string description{};
};

struct Completion {
  std::vector<Candidate> candidates{};
  bool files = false;  ///< names of files may stand there too
};

/// The hidden command by which the scripts ask; its arguments are the words so far.
constexpr std::string_view kCompleteCommand = "__complete";

/// What may stand in place of the last of `words`, which follow the program's name: commands and
/// options as `app` knows them, and their values. Words that begin otherwise than the last one are
/// left out.
Completion complete(const CLI::App& app, const std::vector<std::string>& words);

/// A line each, "word TAB description"; ":files" where files may stand there.
std::string render(const Completion& completion);

/// Values of an option ("--fault") or of an argument ("paths") of a command. `paths`: the suites
/// that the line names so far.
Completion values_of(const CLI::App& command, const CLI::Option& option,
                     const std::vector<std::string>& paths);

/// What a shell reads to complete our command line; nullopt for a shell that is not known.
std::optional<std::string_view> completion_script(std::string_view shell);

}  // namespace dialtone
