#include "harness/cli/completion.hpp"

#include <CLI/Option.hpp>
#include <algorithm>
#include <span>

namespace dialtone {
namespace {

using Options = std::vector<const CLI::Option*>;

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

const CLI::App* find_command(const CLI::App& app, std::string_view name) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

/// The option that "--name", "--name=value" or "-n" means; nullptr where there is none.
const CLI::Option* find_option(const CLI::App& command, std::string_view word) {
  const std::string name(word.substr(0, word.find('=')));
  for (const auto* option : command.get_options()) {
    if (option->nonpositional() && option->check_name(name)) return option;
  }
  return nullptr;
}

void add_commands(const CLI::App& app, Completion& completion) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    completion.candidates.push_back({command->get_name(), command->get_description()});
}

void add_options(const CLI::App& command, Completion& completion) {
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames())
      completion.candidates.push_back({"--" + name, option->get_description()});
    if (!option->get_lnames().empty()) continue;
    for (const auto& name : option->get_snames())
      completion.candidates.push_back({"-" + name, option->get_description()});
  }
}

/// What stands before the last word of a command.
struct Before {
  std::vector<std::string> arguments{};
  const CLI::Option* open = nullptr;  ///< waits for its value
  bool only_arguments = false;        ///< "--" was seen
};

Before read(const CLI::App& command, std::span<const std::string> words) {
  Before before;
  for (const auto& word : words) {
    if (before.open != nullptr) {
      before.open = nullptr;
    } else if (before.only_arguments || !is_option(word)) {
      before.arguments.push_back(word);
    } else if (word == "--") {
      before.only_arguments = true;
    } else {
      const auto* option = find_option(command, word);
      const bool whole = word.find('=') == std::string::npos;
      if (option != nullptr && whole && takes_value(*option)) before.open = option;
    }
  }
  return before;
}

/// The argument that comes after so many; the last one may take all that follow.
const CLI::Option* next_argument(const CLI::App& command, std::size_t given) {
  const CLI::Option* last = nullptr;
  for (const auto* option : command.get_options()) {
    if (!option->get_positional()) continue;
    last = option;
    const auto takes = static_cast<std::size_t>(option->get_items_expected_max());
    if (given < takes) return option;
    given -= takes;
  }
  return last != nullptr && last->get_items_expected_max() > 1 ? last : nullptr;
}

Completion of_command(const CLI::App& command, std::span<const std::string> words) {
  const auto& current = words.back();
  const auto before = read(command, words.first(words.size() - 1));
  if (before.open != nullptr) return values_of(command, *before.open, before.arguments);
  const auto equals = current.find('=');
  Completion completion;
  if (is_option(current) && !before.only_arguments && equals != std::string::npos) {
    const auto* option = find_option(command, current);
    if (option == nullptr || !takes_value(*option)) return completion;
    completion = values_of(command, *option, before.arguments);
    for (auto& candidate : completion.candidates)
      candidate.word = current.substr(0, equals + 1) + candidate.word;
    return completion;
  }
  if (current.starts_with('-') && !before.only_arguments) {
    add_options(command, completion);
    return completion;
  }
  const auto* argument = next_argument(command, before.arguments.size());
  return argument == nullptr ? completion : values_of(command, *argument, before.arguments);
}

}  // namespace

Completion complete(const CLI::App& app, const std::vector<std::string>& words) {
  Completion completion;
  if (words.empty()) return completion;
  const auto* command = words.size() > 1 ? find_command(app, words.front()) : nullptr;
  if (command != nullptr) {
    completion = of_command(*command, std::span(words).subspan(1));
  } else if (words.size() == 1) {
    if (words.front().starts_with('-')) {
      add_options(app, completion);
    } else {
      add_commands(app, completion);
    }
  }
  std::erase_if(completion.candidates, [&](const Candidate& candidate) {
    return !candidate.word.starts_with(words.back());
  });
  return completion;
}

std::string render(const Completion& completion) {
  // A line of a script's; what would not be one word there, or more than a line, is no candidate.
  const auto is_plain = [](unsigned char letter) { return letter > 0x20 && letter != 0x7f; };
  std::string out;
  for (const auto& [word, description] : completion.candidates) {
    if (!std::ranges::all_of(word, is_plain)) continue;
    out += word + '\t';
    for (const char letter : description)
      out += static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter;
    out += '\n';
  }
  if (completion.files) out += ":files\n";
  return out;
}

}  // namespace dialtone
