#include "harness/cli/profile_template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/model/printable.hpp"

namespace dialtone {
namespace {

std::string json_string(std::string_view text) { return nlohmann::json(text).dump(); }

std::string sample(const ParameterSpec& spec) {
  switch (spec.type) {
    case ParameterType::kPayload:
    case ParameterType::kClientPayload:
    case ParameterType::kMatcher:
      if (spec.at_least == 0) return R"("...\n")";
      return fmt::format(R"([{{ "repeat": "x", "times": {} }}, "\n"])", spec.at_least);
    case ParameterType::kEcho: return R"("${data}\n")";
    case ParameterType::kInteger:
    case ParameterType::kExitCodes: return std::string(spec.fallback);
    case ParameterType::kDuration:
    case ParameterType::kSignal: return json_string(spec.fallback.empty() ? "10s" : spec.fallback);
  }
  return {};
}

/// Its meaning, and the line that somebody may make part of the file.
std::string optional_parameter(const ParameterSpec& spec) {
  const auto fallback = spec.fallback.empty()
                            ? std::string()
                            : fmt::format("; {} where it is left out", spec.fallback);
  return fmt::format("    // {} ({}){}\n    // \"{}\": {},\n", spec.summary, describe(spec.type),
                     fallback, spec.name, sample(spec));
}

/// What stands on every profile's last lines: commas end all lines before them, so that each of
/// those may be a comment or not.
std::string parameters(const ProfileDraft& draft) {
  std::string text =
      "  // What the server is asked, and what it answers: scenarios/robust are made of that.\n"
      "  \"parameters\": {\n"
      "    // Each of these makes more of them run. Fill it in, and take the // away.\n";
  const auto is_given = [](const ParameterSpec& spec) {
    return spec.name == "request" || spec.name == "reply";
  };
  for (const auto& spec : parameter_specs()) {
    if (is_for_robust(spec) && !is_given(spec)) text += optional_parameter(spec);
  }
  const auto given = [](std::string_view name, const std::string& value) {
    const auto* spec = find_parameter(name);
    return fmt::format("    // {} ({})\n    \"{}\": {}", spec->summary, describe(spec->type), name,
                       value);
  };
  const auto framed = [&](std::string_view form, const Bytes& octets) {
    const auto body = payload_json(octets);
    return draft.gives_bodies ? fmt::format(fmt::runtime(form), body) : body;
  };
  return text + given("request", framed(R"({{ "frame": {} }})", draft.request)) + ",\n" +
         given("reply", framed(R"({{ "frame": true, "body": {} }})", draft.reply)) + "\n  }\n";
}

std::string start(const ProfileDraft& draft) {
  if (draft.command.empty()) {
    return "  // Nobody launches it: it runs already. With a command of its own more can be "
           "checked:\n"
           "  // \"start\": { \"command\": [\"./server\", \"--port\", \"${port}\"] },\n";
  }
  std::vector<std::string> words;
  for (const auto& word : draft.command) words.push_back(json_string(word));
  return fmt::format(
      R"(  // How it is launched, without a shell. Relative paths start from the current directory.
  "start": {{
    // It must listen sooner than that:
    // "ready_within": "10s",
    // The signal that ends it; SIGKILL follows where it has not ended within 'stop_within'.
    // "stop": "SIGTERM",
    // "stop_within": "5s",
    // Besides our own environment:
    // "environment": {{ "LC_ALL": "C" }},
    // ${{port}}, ${{host}} and ${{address}} are those of 'address'.
    "command": [{}]
  }},
  // A signal that makes it close its listening socket and serve on (or a "command" of yours), and
  // what takes that back, which is needed where the process is shared:
  // "controls": {{ "close_listener": {{ "signal": "SIGUSR1", "undo": {{ "signal": "SIGUSR2" }} }} }},
  // One process for the whole run, in place of a fresh one for each scenario:
  // "isolation": "shared",
)",
      fmt::join(words, ", "));
}

std::string framing(const ProfileDraft& draft) {
  return fmt::format(
      "  // How a request ends, and a reply: \"line\" (LF), {{\"delimiter\": \"\\r\\n\"}}, "
      "{{\"fixed\": 16}},\n"
      "  // {{\"length_prefix\": {{\"octets\": 4, \"order\": \"big\", \"counts\": \"body\"}}}} "
      "or \"until_eof\" (FIN).\n"
      "  // With \"oneshot\" what one recv returns is a request: nothing that cuts or joins "
      "requests "
      "applies then.\n"
      "  // A payload {{\"frame\": \"...\"}} is octets in their frame.\n"
      "  {}\"framing\": {},\n",
      draft.framing.empty() ? "// " : "", draft.framing.empty() ? "\"line\"" : draft.framing);
}

}  // namespace

std::string payload_json(const Bytes& octets) {
  Bytes visible = octets;
  std::erase(visible, '\r');
  // A `${` would stand for a variable.
  const bool is_text =
      printable(visible, {.keep_lines = true}) == visible && octets.find("${") == Bytes::npos;
  return is_text ? json_string(octets) : fmt::format(R"({{ "hex": "{}" }})", to_hex(octets));
}

bool is_for_robust(const ParameterSpec& spec) {
  return !spec.name.starts_with("datagram_") && !spec.name.starts_with("client_");
}

std::string profile_text(const ProfileDraft& draft) {
  const auto head = fmt::format(
      R"(// A server, for: dialtone run SUITE --target THIS_FILE. Check it by: dialtone validate THIS_FILE
{{
  // As reports call it.
  "name": {},
  // Where it listens. ${{port}} is a free port, another one at each launch.
  "address": {},
)",
      json_string(draft.name), json_string(draft.address));
  return head + start(draft) + framing(draft) +
         "  // What else it can do: the README's list of capabilities explains each.\n"
         "  // \"provides\": [\"persistent\", \"pipelining\"],\n"
         "  // A client that comes with it, for scenarios/client. Its parameters begin with "
         "client_;\n"
         "  // it succeeds with client_success_code (0), and fails with client_failure_code (any "
         "other\n"
         "  // exit code).\n"
         "  // \"programs\": { \"client\": [\"./client\", \"${host}\", \"${port}\"] },\n"
         "  // Scenarios at once:\n"
         "  // \"concurrency\": 4,\n"
         "  // What it is known not to pass, and why:\n"
         "  // \"known_failures\": { \"ROB-08\": \"a ticket's number, and its title\" },\n"
         "  // Of the texts below; gbk is another one.\n"
         "  \"encoding\": \"utf-8\",\n" +
         parameters(draft) + "}\n";
}

}  // namespace dialtone
