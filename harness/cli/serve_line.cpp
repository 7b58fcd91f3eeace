#include "harness/cli/serve_line.hpp"

#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <utility>

#include "fixtures/line_faults.hpp"
#include "fixtures/line_server.hpp"
#include "fixtures/tls_faults.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/model/diagnostic.hpp"
#include "harness/model/duration.hpp"
#include "harness/model/printable.hpp"
#include "harness/net/tls_identity.hpp"

namespace dialtone {
namespace {

void say(const std::string& line) { std::cout << line << std::endl; }

/// Calls a function at each signal of one kind.
class OnSignal {
 public:
  OnSignal(asio::io_context& context, int number, std::function<void()> act)
      : signals_(context, number), act_(std::move(act)) {
    wait();
  }

 private:
  void wait() {
    signals_.async_wait([this](const asio::error_code& error, int) {
      if (error) return;
      act_();
      wait();
    });
  }

  asio::signal_set signals_;
  std::function<void()> act_;
};

int run(const LineServerOptions& options, const LineHooks& hooks) {
  std::signal(SIGPIPE, hooks.no_signal ? SIG_IGN : SIG_DFL);
  asio::io_context context(1);
  Loop loop(context);
  const auto server = LineServer::create(loop, options, hooks, say);
  const OnSignal terminate(context, SIGTERM, [&] {
    say("asked to end");
    server->stop_signal();
  });
  const OnSignal interrupt(context, SIGINT, [&] {
    say("stopped");
    server->stop();
  });
  const OnSignal close(context, SIGUSR1, [&] {
    say("takes no more clients");
    server->close_listener();
  });
  std::optional<OnSignal> go_on;
  if (hooks.dies_when_interrupted) go_on.emplace(context, SIGCONT, [&] { server->die(); });
  const auto address = server->start();
  if (!address.ok()) {
    print_error(address.error().text);
    return kUsage;
  }
  say(fmt::format("listening on {}", address.value().to_string()));
  while (!server->has_stopped() && context.run_one() > 0) continue;
  loop.shutdown();
  return server->failed() ? kFailures : kAllPassed;
}

/// False after a mistake was printed.
bool read_limit(const char* option, const std::string& written, std::optional<Duration>& limit) {
  if (written.empty()) return true;
  limit = parse_duration(written);
  if (!limit)
    print_error(fmt::format("{}: bad duration '{}'", option, written), "such as \"500ms\"");
  return limit.has_value();
}

const LineFault* find_fault_of(const ServeLineArguments& arguments) {
  const auto* found = arguments.tls ? find_tls_fault(arguments.fault) : nullptr;
  return found == nullptr ? find_line_fault(arguments.fault) : found;
}

void print_unknown_fault(const ServeLineArguments& arguments) {
  std::vector<std::string> known;
  for (const auto& each : line_faults()) known.emplace_back(each.name);
  for (const auto& each : tls_faults()) {
    if (arguments.tls) known.emplace_back(each.name);
  }
  print_error(fmt::format("--fault: unknown fault '{}'", arguments.fault),
              suggest(arguments.fault, known));
}

std::optional<TlsFile> file_of(const std::string& path) {
  if (path.empty()) return std::nullopt;
  return TlsFile{path, {}};
}

/// False after a mistake was printed.
bool write_authority(const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << RunAuthority::get().identity().certificate_pem();
  if (out.flush()) return true;
  print_error(fmt::format("--tls-ca-out: '{}' cannot be written", printable(path)));
  return false;
}

/// nullptr after a mistake was printed.
std::shared_ptr<const TlsContext> tls_context(const ServeLineArguments& arguments,
                                              const LineHooks& hooks) {
  TlsServing serving;
  serving.settings.certificate = file_of(arguments.certificate);
  serving.settings.key = file_of(arguments.key);
  serving.settings.ca = file_of(arguments.client_ca);
  serving.settings.alpn = {arguments.alpn.empty() ? std::string(kLineProtocol) : arguments.alpn};
  std::optional<Identity> made;
  if (arguments.certificate.empty())
    serving.identity = &made.emplace(RunAuthority::get().issue(arguments.address.host()));
  if (!arguments.tls_ca_out.empty() && !write_authority(arguments.tls_ca_out)) return nullptr;
  hooks.tls.on_context(serving);
  auto context = TlsContext::make(serving);
  if (const auto* mistake = std::get_if<Diagnostic>(&context)) {
    print_error(mistake->message, mistake->hint);
    return nullptr;
  }
  return std::get<std::shared_ptr<const TlsContext>>(std::move(context));
}

}  // namespace

int serve_line(const ServeLineArguments& arguments) {
  const auto* fault = find_fault_of(arguments);
  if (fault == nullptr && !arguments.fault.empty()) {
    print_unknown_fault(arguments);
    return kUsage;
  }
  const auto hooks = fault == nullptr ? LineHooks() : fault->hooks();
  LineServerOptions options;
  options.address = arguments.address;
  options.any_address = arguments.any_address;
  options.own_process = true;
  if (!read_limit("--idle-limit", arguments.idle_limit, options.idle_limit) ||
      !read_limit("--slow-limit", arguments.slow_limit, options.slow_limit))
    return kUsage;
  if (arguments.tls) {
    options.tls = tls_context(arguments, hooks);
    if (!options.tls) return kUsage;
  }
  return run(options, hooks);
}

}  // namespace dialtone
