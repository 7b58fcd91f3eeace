#include "harness/runner/external_target.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/listener.hpp"

namespace dialtone {
namespace {

using Resolved = std::variant<SocketAddress, std::string>;

Resolved resolve(const std::string& written) {
  if (const auto address = SocketAddress::parse(written)) return *address;
  const auto colon = written.rfind(':');
  const auto shown = printable(written);
  if (colon == std::string::npos || colon == 0 || colon + 1 == written.size()) {
    return fmt::format("'{}' is no address: write host:port, such as 127.0.0.1:7788", shown);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(written.substr(0, colon).c_str(),
                                  written.substr(colon + 1).c_str(), &hints, &found);
  if (error != 0) return fmt::format("'{}' does not resolve: {}", shown, ::gai_strerror(error));
  const auto address = SocketAddress::from_sockaddr(found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  if (address) return *address;
  return fmt::format("'{}' resolves to no IP address", shown);
}

class ExternalEndpoint : public Endpoint {
 public:
  explicit ExternalEndpoint(SocketAddress address) : address_(address) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override {
    recorder.note(fmt::format("target {}", address_.to_string()));
    co_return std::nullopt;
  }
  SocketAddress address() const override { return address_; }
  Task<std::optional<std::string>> control(std::string_view name) override {
    co_return fmt::format("an external target has no control '{}'", name);
  }
  Task<std::optional<std::string>> stop() override { co_return std::nullopt; }

 private:
  SocketAddress address_;
};

class ExternalTarget : public Target {
 public:
  ExternalTarget(Profile profile, SocketAddress address, bool has_socket_table)
      : profile_(std::move(profile)), address_(address), provides_(profile_.provides) {
    if (has_ipv6_loopback()) provides_.insert("ipv6");
    if (!address.is_loopback()) return;
    provides_.insert("local");
    if (has_socket_table) provides_.insert("socket_table");
  }

  std::string name() const override { return profile_.name; }
  std::set<std::string> provides() const override { return provides_; }
  int concurrency() const override { return profile_.concurrency; }
  std::unique_ptr<Endpoint> acquire(Loop&, const Scenario&, const std::string&) override {
    return std::make_unique<ExternalEndpoint>(address_);
  }
  std::optional<Command> program(std::string_view name, const SocketAddress& to) const override {
    return program_of(profile_, name, to);
  }

 private:
  Profile profile_;
  SocketAddress address_;
  std::set<std::string> provides_;
};

}  // namespace

std::variant<std::unique_ptr<Target>, std::string> make_external_target(const Profile& profile,
                                                                        bool has_socket_table) {
  const auto written = profile.address.constant();
  if (!written)
    return fmt::format("the address of '{}' needs a port: nobody launches it here",
                       printable(profile.name));
  const auto resolved = resolve(*written);
  if (const auto* problem = std::get_if<std::string>(&resolved)) return *problem;
  return std::unique_ptr<Target>(std::make_unique<ExternalTarget>(
      profile, std::get<SocketAddress>(resolved), has_socket_table));
}

namespace {

Variables launch_variables(const SocketAddress& address) {
  return {{"host", address.host()},
          {"port", std::to_string(address.port())},
          {"address", address.to_string()}};
}

std::string filled(const Template& text, const Variables& known) {
  return text.with(known).constant().value_or("");
}

}  // namespace

std::vector<std::string> command_line(const std::vector<Template>& words,
                                      const SocketAddress& address) {
  const auto known = launch_variables(address);
  std::vector<std::string> line;
  line.reserve(words.size());
  for (const auto& word : words) line.push_back(filled(word, known));
  return line;
}

std::optional<Command> program_of(const Profile& profile, std::string_view name,
                                  const SocketAddress& to) {
  const auto found = profile.programs.find(std::string(name));
  if (found == profile.programs.end()) return std::nullopt;
  const auto& program = found->second;
  const auto known = launch_variables(to);
  Command command;
  command.argv = command_line(program.command, to);
  for (const auto& [variable, value] : program.environment)
    command.environment.emplace_back(variable, filled(value, known));
  if (program.directory) command.directory = filled(*program.directory, known);
  return command;
}

}  // namespace dialtone
