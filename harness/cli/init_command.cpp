#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/framing_option.hpp"
#include "harness/cli/octet_escapes.hpp"
#include "harness/cli/profile_template.hpp"
#include "harness/cli/profile_trial.hpp"
#include "harness/cli/shell_words.hpp"
#include "harness/model/capability.hpp"
#include "harness/model/errno_name.hpp"
#include "harness/model/printable.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kAnyPort = "127.0.0.1:${port}";

struct InitArguments {
  std::string file = "server.json";
  std::optional<std::string> name;
  std::optional<std::string> command;
  std::optional<std::string> address;
  std::optional<std::string> framing;
  std::optional<std::string> request;
  std::optional<std::string> reply;
  bool force = false;
};

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    if (!character) return false;
    at += character->length;
  }
  return true;
}

/// Why the answer is none; empty where it is one.
using Check = std::function<std::string(const std::string&)>;

std::string check_command(const std::string& line) {
  if (!is_utf8(line)) return "it is not UTF-8";
  return split_shell_words(line) ? "" : "a quote is not closed, or a backslash ends it";
}

std::string check_octets(const std::string& typed) {
  if (typed.empty()) return "it is empty";
  const auto result = unescape(typed);
  const auto* problem = std::get_if<std::string>(&result);
  return problem == nullptr ? "" : *problem;
}

std::string check_framing(const std::string& typed) {
  const auto result = parse_framing(typed);
  const auto* problem = std::get_if<std::string>(&result);
  return problem == nullptr ? "" : *problem;
}

/// Names are resolved when the profile is tried; here only the form is looked at.
std::string check_address(const std::string& address, bool is_launched) {
  if (!is_utf8(address) || address.empty()) return "it must be host:port";
  if (address.starts_with("unix:")) return "";
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return "it must be host:port";
  const auto port = address.substr(colon + 1);
  if (is_launched && port == "${port}") return "";
  const bool digits = !port.empty() && port.size() <= 5 &&
                      port.find_first_not_of("0123456789") == std::string::npos;
  if (digits && std::stoi(port) >= 1 && std::stoi(port) <= 65535) return "";
  return is_launched ? "the port must be ${port}, or a number from 1 to 65535"
                     : "the port must be a number from 1 to 65535";
}

/// Asks until the answer is one; false at the end of the input. `usual` stands for an empty answer.
bool ask(std::optional<std::string>& answer, const std::string& question, const Check& problem_of,
         std::string_view usual = {}) {
  const auto shown = usual.empty() ? question : fmt::format("{} [{}]", question, usual);
  for (std::string line; !answer;) {
    std::cout << shown << ": " << std::flush;
    if (!std::getline(std::cin, line)) return false;
    if (line.empty()) line = usual;
    const auto problem = problem_of(line);
    if (problem.empty()) {
      answer = line;
    } else {
      print_error(problem);
    }
  }
  return true;
}

bool is_launched(const InitArguments& arguments) {
  return arguments.command && !arguments.command->empty();
}

/// Of a server that is told its port any free one will do.
std::string_view usual_address(const InitArguments& arguments) {
  const bool takes_port =
      is_launched(arguments) && arguments.command->find("${port}") != std::string::npos;
  return takes_port ? kAnyPort : std::string_view();
}

bool ask_for_rest(InitArguments& arguments) {
  const bool asks_command = !arguments.command && !arguments.address;
  if (asks_command &&
      !ask(arguments.command,
           "command that launches the server, ${port} for its port; empty where it runs already",
           check_command))
    return false;
  const auto of_address = [&](const std::string& text) {
    return check_address(text, is_launched(arguments));
  };
  return ask(arguments.address, "its address, host:port", of_address, usual_address(arguments)) &&
         ask(arguments.framing,
             "how a request ends: line, oneshot (what one recv returns), until_eof, "
             "delimiter:\\r\\n, fixed:16, length_prefix:4, or unknown",
             check_framing, "unknown") &&
         ask(arguments.request, "a request, whole, such as PING\\r\\n", check_octets) &&
         ask(arguments.reply, "its reply, whole, such as +PONG\\r\\n", check_octets);
}

/// False after every mistake of what was given was printed.
bool check_given(const InitArguments& arguments) {
  bool good = true;
  const auto check = [&](std::string_view flag, const std::optional<std::string>& given,
                         const Check& problem_of) {
    const auto problem = given ? problem_of(*given) : std::string();
    if (problem.empty()) return;
    print_error(fmt::format("{}: {}", flag, problem));
    good = false;
  };
  check("--name", arguments.name,
        [](const std::string& name) { return is_utf8(name) ? "" : "it is not UTF-8"; });
  check("--command", arguments.command, check_command);
  check("--address", arguments.address,
        [&](const std::string& text) { return check_address(text, is_launched(arguments)); });
  check("--framing", arguments.framing, check_framing);
  check("--request", arguments.request, check_octets);
  check("--reply", arguments.reply, check_octets);
  return good;
}

/// The flags without which nobody can be asked.
std::vector<std::string> missing_flags(const InitArguments& arguments) {
  std::vector<std::string> flags;
  if (!arguments.address && !is_launched(arguments)) {
    flags.emplace_back("--address (or --command)");
  } else if (!arguments.address && usual_address(arguments).empty()) {
    flags.emplace_back("--address (or ${port} in --command)");
  }
  if (!arguments.request) flags.emplace_back("--request");
  if (!arguments.reply) flags.emplace_back("--reply");
  return flags;
}

/// False after it was printed what lacks.
bool complete(InitArguments& arguments) {
  if (::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
    if (ask_for_rest(arguments)) return true;
    print_error("the input ended before everything was said");
    return false;
  }
  const auto missing = missing_flags(arguments);
  if (!missing.empty()) {
    print_error(fmt::format("missing: {}", fmt::join(missing, ", ")),
                "on a terminal you would be asked for them");
    return false;
  }
  if (!arguments.address) arguments.address = usual_address(arguments);
  return true;
}

Bytes octets_of(const std::optional<std::string>& typed) {
  return std::get<Unescaped>(unescape(typed.value())).octets;
}

ProfileDraft draft_of(const InitArguments& arguments) {
  ProfileDraft draft;
  draft.address = arguments.address.value();
  draft.command = split_shell_words(arguments.command.value_or("")).value();
  draft.request = octets_of(arguments.request);
  draft.reply = octets_of(arguments.reply);
  const auto typed = std::get<TypedFraming>(parse_framing(arguments.framing.value_or("unknown")));
  draft.framing = typed.json;
  draft.gives_bodies = typed.framing && std::holds_alternative<LengthPrefixFraming>(*typed.framing);
  draft.name = arguments.name.value_or(
      draft.command.empty() ? draft.address
                            : std::filesystem::path(draft.command.front()).filename().string());
  return draft;
}

/// False after the mistakes were printed. They have no line: nothing was written yet.
bool loads(const std::string& file, const std::string& text) {
  Diagnostics diagnostics;
  load_profile(file, text, {}, diagnostics);
  for (const auto& diagnostic : diagnostics) print_error(diagnostic.message, diagnostic.hint);
  return diagnostics.empty();
}

bool refuse_existing(const std::string& file) {
  print_error(fmt::format("'{}' exists already", file), "--force writes over it");
  return false;
}

/// False after it was printed why the file could not be written.
bool write(const std::string& file, const std::string& text, bool force) {
  std::FILE* out = std::fopen(file.c_str(), force ? "w" : "wx");  // x: O_EXCL
  if (out == nullptr && errno == EEXIST) return refuse_existing(file);
  const bool written =
      out != nullptr && std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const bool closed = out != nullptr && std::fclose(out) == 0;
  if (written && closed) return true;
  const int code = errno;
  print_error(
      fmt::format("cannot write '{}': {} ({})", file, std::strerror(code), errno_name(code)));
  return false;
}

void tell_found(const ProfileTrial& trial) {
  std::cout << "it answers as the profile says\nfound:\n";
  const auto tell = [](const std::string& name) {
    const auto* known = find_capability(name);
    std::cout << fmt::format("  {}: it {}\n", name, known == nullptr ? "" : known->summary);
  };
  std::ranges::for_each(trial.known, tell);
  std::ranges::for_each(trial.shown, tell);
  if (!trial.shown.empty())
    std::cout << fmt::format(
        "the trial showed what the profile does not say yet:\n"
        "  \"provides\": [\"{}\"],\n",
        fmt::join(trial.shown, "\", \""));
  if (!trial.lacking.empty()) std::cout << "more can be checked with these 'parameters':\n";
  for (const auto& name : trial.lacking)
    std::cout << fmt::format("  {}: {}\n", name, find_parameter(name)->summary);
}

int try_it(const std::string& file) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto trial = try_profile(file);
  const auto word = printable(shell_word(file));
  if (trial.problem) {
    std::cout << "the profile was tried, and failed:\n" << *trial.problem;
    std::cout << fmt::format("mend {0}; then: dialtone run scenarios/robust --target {0}\n", word);
    return kFailures;
  }
  tell_found(trial);
  std::cout << fmt::format("next: dialtone run scenarios/robust --target {}\n", word);
  return kAllPassed;
}

int init(InitArguments arguments) {
  // Before anybody is asked: nobody shall answer in vain.
  if (!arguments.force && std::filesystem::exists(arguments.file)) {
    refuse_existing(arguments.file);
    return kUsage;
  }
  if (!check_given(arguments) || !complete(arguments)) return kUsage;
  const auto text = profile_text(draft_of(arguments));
  if (!loads(arguments.file, text)) return kUsage;
  if (!write(arguments.file, text, arguments.force)) return kUsage;
  std::cout << fmt::format("wrote {}\n", printable(arguments.file)) << std::flush;
  return try_it(arguments.file);
}

}  // namespace

void add_init_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<InitArguments>();
  auto* command = app.add_subcommand(
      "init", "Write a profile for your server, try it, and show what it can be checked for");
  command->add_option("file", arguments->file, "The profile's file; server.json by default");
  command->add_option("--command", arguments->command,
                      "What launches the server, such as \"./server --port ${port}\"; no shell "
                      "reads it. Without it the server runs already");
  command->add_option("--address", arguments->address,
                      "host:port; 127.0.0.1:${port} where the command takes its port");
  command->add_option(
      "--framing", arguments->framing,
      "How a request ends: line, oneshot (what one recv returns), until_eof, "
      "delimiter:\\r\\n, fixed:16, length_prefix:4 (or ...:2,little,whole); unknown "
      "by default");
  command->add_option("--request", arguments->request,
                      "A request, whole, but for the length of length_prefix; \\n, \\r, \\t, \\0, "
                      "\\\\ and \\xNN as in C");
  command->add_option("--reply", arguments->reply, "What answers it, written likewise");
  command->add_option("--name", arguments->name, "As reports call it");
  command->add_flag("--force", arguments->force, "Write over a file that exists");
  command->callback([arguments, &exit_code] { exit_code = init(*arguments); });
}

}  // namespace dialtone
