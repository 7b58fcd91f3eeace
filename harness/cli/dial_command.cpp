#include <fmt/format.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "fixtures/client_faults.hpp"
#include "fixtures/reference_client.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/model/duration.hpp"

namespace dialtone {
namespace {

struct DialArguments {
  std::string host;
  std::string port;
  std::string text;
  std::string within = "30s";
  bool tls = false;
  std::string tls_ca;    ///< empty: the system's authorities
  std::string tls_name;  ///< empty: the address
  std::string fault;
};

/// What the user did not give as an argument is asked for; false at the end of the input.
bool ask(std::string& answer, std::string_view question) {
  if (!answer.empty()) return true;
  std::cout << question << std::flush;
  if (!std::getline(std::cin, answer)) return false;
  if (!answer.empty() && answer.back() == '\r') answer.pop_back();
  return true;
}

std::optional<std::uint16_t> port_number(const std::string& text) {
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const int number = std::stoi(text);
  if (number < 1 || number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

int usage(std::string_view message, std::string_view hint) {
  print_error(message, hint);
  return kUsage;
}

int talk(const ClientOptions& options, const ClientHooks& hooks) {
  const auto conversation = converse(options, hooks);
  if (!conversation.printed.empty()) std::cout << conversation.printed << std::endl;
  std::cerr << conversation.ending << std::endl;
  return conversation.exit_code;
}

std::variant<TlsTransport, Diagnostic> transport_of(const DialArguments& arguments,
                                                    const ClientHooks& hooks) {
  TlsSettings settings;
  settings.verify = hooks.verifies;
  if (!arguments.tls_ca.empty()) settings.ca = TlsFile{arguments.tls_ca, {}};
  auto made = TlsContext::make(settings);
  if (auto* mistake = std::get_if<Diagnostic>(&made)) return std::move(*mistake);
  return TlsTransport{std::get<std::shared_ptr<const TlsContext>>(std::move(made)),
                      arguments.tls_name.empty() ? arguments.host : arguments.tls_name};
}

int dial_server(DialArguments arguments) {
  const auto* fault = find_client_fault(arguments.fault);
  if (fault == nullptr && !arguments.fault.empty()) {
    return usage(fmt::format("--fault: unknown fault '{}'", arguments.fault),
                 "'dialtone serve --list-faults' shows them");
  }
  const auto limit = parse_duration(arguments.within);
  if (!limit)
    return usage(fmt::format("--within: bad duration '{}'", arguments.within), "such as \"5s\"");
  const bool answered = ask(arguments.host, "server's address: ") &&
                        ask(arguments.port, "server's port: ") &&
                        ask(arguments.text, "text to send: ");
  if (!answered)
    return usage("the input ended before everything was said", "dialtone dial ADDRESS PORT TEXT");
  const auto port = port_number(arguments.port);
  if (!port)
    return usage(fmt::format("'{}' is no port", arguments.port), "a number from 1 to 65535");
  const auto to = SocketAddress::from_host(arguments.host, *port);
  if (!to) return usage(fmt::format("'{}' is no IP address", arguments.host), "such as 127.0.0.1");
  const auto hooks = fault == nullptr ? ClientHooks() : fault->hooks();
  if (arguments.text.empty() && !hooks.takes_empty_text)
    return usage("there is nothing to send",
                 "an empty text would send nothing, and both ends would wait for ever");
  ClientOptions options{*to, arguments.text, *limit};
  if (arguments.tls) {
    auto transport = transport_of(arguments, hooks);
    if (const auto* mistake = std::get_if<Diagnostic>(&transport))
      return usage(mistake->message, mistake->hint);
    options.tls = std::get<TlsTransport>(std::move(transport));
  }
  return talk(options, hooks);
}

}  // namespace

void add_dial_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<DialArguments>();
  auto* command = app.add_subcommand(
      "dial", "Be the article's client: send a text in GBK, show the reply and how the call ended");
  command->add_option("address", arguments->host,
                      "The server's IP address; asked for where it is left out");
  command->add_option("port", arguments->port, "The server's port; asked for where it is left out");
  command->add_option("text", arguments->text, "What to send; asked for where it is left out");
  command->add_option("--within", arguments->within, "Limit of each wait; 30s by default");
  auto* tls = command->add_flag("--tls", arguments->tls,
                                "Over TLS: nothing is sent before the certificate is verified");
  command
      ->add_option("--tls-ca", arguments->tls_ca,
                   "Trust the authorities in this PEM file, and no other; the system's by default")
      ->needs(tls);
  command
      ->add_option("--tls-name", arguments->tls_name,
                   "The name that the certificate must be for; the address by default")
      ->needs(tls);
  command->add_option("--fault", arguments->fault, "Misbehave in this way");
  command->callback([arguments, &exit_code] {
    std::signal(SIGPIPE, SIG_IGN);
    exit_code = dial_server(*arguments);
  });
}

}  // namespace dialtone
