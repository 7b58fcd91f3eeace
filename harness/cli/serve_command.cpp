#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <memory>

#include "fixtures/client_faults.hpp"
#include "fixtures/faults.hpp"
#include "fixtures/line_faults.hpp"
#include "fixtures/reference_server.hpp"
#include "fixtures/tls_faults.hpp"
#include "fixtures/udp_faults.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/serve_line.hpp"
#include "harness/cli/serve_udp.hpp"

namespace dialtone {
namespace {

struct ServeArguments {
  std::string host = "127.0.0.1";
  int port = 7788;
  bool once = false;
  bool datagrams = false;
  bool line = false;
  bool udp = false;
  ServeLineArguments of_line;
  std::string fault;
  bool list_faults = false;
};

template <class Faults>
void list_faults_of(std::string_view whose, const Faults& faults) {
  std::cout << whose << ":\n";
  for (const auto& fault : faults) {
    std::cout << fmt::format("  {:18} {} [{}]\n", fault.name, fault.summary,
                             fault.breaks.empty() ? "conforming" : fault.breaks);
  }
}

void list_faults() {
  list_faults_of("of the server ('dialtone serve --fault', 'dialtone run --fault')", faults());
  list_faults_of("of the line server ('dialtone serve --line --fault', 'dialtone run --fault')",
                 line_faults());
  list_faults_of(
      "of the line server over TLS ('dialtone serve --line --tls --fault', 'dialtone run --fault')",
      tls_faults());
  list_faults_of("of the UDP server ('dialtone serve --udp --fault', 'dialtone run --fault')",
                 udp_faults());
  list_faults_of("of the client ('dialtone dial --fault', 'dialtone run --fault')",
                 client_faults());
}

void say(const std::string& line) { std::cout << line << std::endl; }

int run_server(const ServerOptions& options, Hooks hooks) {
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context context(1);
  Loop loop(context);
  const auto server = ReferenceServer::create(loop, options, std::move(hooks),
                                              [](const std::string& line) { say(line); });
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const asio::error_code& error, int) {
    if (error) return;
    say("stopped");
    server->stop();
  });
  const auto agreed = server->start();
  if (!agreed.ok()) {
    print_error(agreed.error().text);
    return kUsage;
  }
  say(fmt::format("listening on {}", agreed.value().to_string()));
  while (!server->has_stopped() && context.run_one() > 0) continue;
  const bool failed = server->failed();
  loop.shutdown();
  return failed ? kFailures : kAllPassed;
}

int serve(const ServeArguments& arguments) {
  if (arguments.list_faults) {
    list_faults();
    return kAllPassed;
  }
  const auto address =
      SocketAddress::from_host(arguments.host, static_cast<std::uint16_t>(arguments.port));
  if (!address) {
    print_error(fmt::format("--bind: '{}' is no IP address", arguments.host),
                "127.0.0.1, or 0.0.0.0 for every address");
    return kUsage;
  }
  if (arguments.udp) return serve_udp(*address, arguments.fault);
  if (arguments.line) {
    auto of_line = arguments.of_line;
    of_line.address = *address;
    of_line.fault = arguments.fault;
    return serve_line(of_line);
  }
  const auto* fault = find_fault(arguments.fault);
  if (fault == nullptr && !arguments.fault.empty()) {
    std::vector<std::string> known;
    for (const auto& each : faults()) known.emplace_back(each.name);
    print_error(fmt::format("--fault: unknown fault '{}'", arguments.fault),
                suggest(arguments.fault, known));
    return kUsage;
  }
  ServerOptions options;
  options.address = *address;
  options.once = arguments.once;
  options.datagrams = arguments.datagrams;
  return run_server(options, fault == nullptr ? Hooks() : fault->hooks());
}

}  // namespace

namespace {

void add_tls_options(CLI::App& command, ServeLineArguments& of_line, CLI::Option* line) {
  auto* tls = command.add_flag(
      "--tls", of_line.tls,
      "Over TLS, with a certificate for \"localhost\" and --bind that is made at the start");
  tls->needs(line);
  auto* certificate =
      command.add_option("--cert", of_line.certificate, "A certificate of your own: a PEM file");
  auto* key = command.add_option("--key", of_line.key, "The key of --cert: a PEM file");
  certificate->needs(tls)->needs(key);
  key->needs(certificate);
  command
      .add_option("--tls-ca-out", of_line.tls_ca_out,
                  "Write the authority that clients must trust to this PEM file")
      ->needs(tls)
      ->excludes(certificate);
  command
      .add_option("--client-ca", of_line.client_ca,
                  "Clients must show a certificate of the authority in this PEM file")
      ->needs(tls);
  command
      .add_option("--alpn", of_line.alpn,
                  "The protocol for clients that offer some (RFC 7301); dialtone-line by default")
      ->needs(tls);
}

void add_line_options(CLI::App& command, ServeArguments& arguments) {
  auto* line = command.add_flag("--line", arguments.line,
                                "Requests and replies end in LF, many on a connection; SIGTERM "
                                "drains, SIGUSR1 closes the listener");
  for (const auto* other : {"--once", "--datagrams"}) line->excludes(command.get_option(other));
  auto* udp =
      command.add_flag("--udp", arguments.udp,
                       "UDP in place of TCP: a datagram is a request, and another its reply");
  for (const auto* other : {"--once", "--datagrams", "--line"})
    udp->excludes(command.get_option(other));
  auto& of_line = arguments.of_line;
  command
      .add_option("--idle-limit", of_line.idle_limit,
                  "Close a client that says nothing for so long, such as \"500ms\"")
      ->needs(line);
  command
      .add_option("--slow-limit", of_line.slow_limit,
                  "Close a client whose request takes longer than that to come whole")
      ->needs(line);
  command
      .add_flag("--any-address", of_line.any_address,
                "Listen on every address, IPv6 and IPv4, in place of --bind")
      ->needs(line);
  add_tls_options(command, of_line, line);
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ServeArguments>();
  auto* command =
      app.add_subcommand("serve", "Run the reference server alone: it prints what it receives");
  command->add_option("--bind", arguments->host, "Address to listen on; 127.0.0.1 by default");
  command
      ->add_option("--port", arguments->port,
                   "Port to listen on; 7788 by default, 0 for a free one")
      ->check(CLI::Range(0, 65535));
  command->add_flag("--once", arguments->once,
                    "End after one client, as the article's script does");
  command->add_flag("--datagrams", arguments->datagrams, "Answer UDP on the same port too");
  add_line_options(*command, *arguments);
  command->add_option("--fault", arguments->fault, "Misbehave in this way");
  command->add_flag("--list-faults", arguments->list_faults,
                    "Show the faults, each with the requirement that it breaks");
  command->callback([arguments, &exit_code] { exit_code = serve(*arguments); });
}

}  // namespace dialtone
