#include "harness/cli/serve_udp.hpp"

#include <fmt/format.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "fixtures/udp_faults.hpp"
#include "harness/cli/diagnose.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/model/diagnostic.hpp"

namespace dialtone {
namespace {

void say(const std::string& line) { std::cout << line << std::endl; }

int run(const SocketAddress& address, UdpHooks hooks) {
  asio::io_context context(1);
  Loop loop(context);
  const auto server = UdpServer::create(loop, address, std::move(hooks), say);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const asio::error_code& error, int) {
    if (error) return;
    say("stopped");
    server->stop();
  });
  const auto bound = server->start();
  if (!bound.ok()) {
    print_error(bound.error().text);
    return kUsage;
  }
  say(fmt::format("listening on {} (UDP)", bound.value().to_string()));
  while (!server->has_stopped() && context.run_one() > 0) continue;
  loop.shutdown();
  return server->failed() ? kFailures : kAllPassed;
}

}  // namespace

int serve_udp(const SocketAddress& address, const std::string& fault) {
  const auto* found = find_udp_fault(fault);
  if (found == nullptr && !fault.empty()) {
    std::vector<std::string> known;
    for (const auto& each : udp_faults()) known.emplace_back(each.name);
    print_error(fmt::format("--fault: unknown fault '{}'", fault), suggest(fault, known));
    return kUsage;
  }
  return run(address, found == nullptr ? UdpHooks() : found->hooks());
}

}  // namespace dialtone
