#include "harness/runner/external_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/listener.hpp"
#include "harness/net/observed_processes.hpp"
#include "harness/net/resolve.hpp"
#include "harness/net/socket_table.hpp"
#include "harness/net/tls_identity.hpp"
#include "harness/runner/controls.hpp"

namespace dialtone {
namespace {

/// An address of this host other than loopback may lead elsewhere, such as into a container: only
/// where somebody listens there is the server here.
/// Another address of this host may be led elsewhere (a container's published port): only who says
/// so is believed.
bool is_local(const SocketAddress& address, const std::set<std::string>& claimed) {
  if (address.is_loopback()) return true;
  return claimed.contains("local") && is_on_this_host(address) && !listener_inodes(address).empty();
}

bool is_listened_at(SocketTable& table, const SocketAddress& address) {
  if (!address.is_loopback()) return false;
  const auto rows = table.listeners(address.port());
  const auto takes_it = [&](const SocketRow& row) { return takes(row, address); };
  return rows.ok() && std::ranges::any_of(rows.value(), takes_it);
}

constexpr Duration kPoll = std::chrono::milliseconds(2);

class ExternalEndpoint : public Endpoint {
 public:
  ExternalEndpoint(Loop& loop, ChosenAddress choice, bool observe, Controls controls,
                   std::shared_ptr<std::optional<std::string>> spoilt)
      : loop_(loop),
        choice_(std::move(choice)),
        observe_(observe),
        controls_(std::move(controls)),
        spoilt_(std::move(spoilt)) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override {
    recorder.note(choice_.note);
    if (*spoilt_) co_return fmt::format("since an earlier scenario, {}", **spoilt_);
    if (observe_) observed_ = ObservedProcesses::at(choice_.address);
    if (observed_) recorder.note(fmt::format("{} listens there", observed_->name()));
    // Nobody can listen there: what the table of sockets lacks would be no failure of the target.
    const auto trouble = choice_.address.is_loopback() ? family_trouble(choice_.address)
                                                       : std::optional<std::string>();
    if (!trouble) co_return std::nullopt;
    co_return fmt::format("the target cannot be at {}: {}", choice_.address.to_string(), *trouble);
  }
  SocketAddress address() const override { return choice_.address; }
  const ObservedProcesses* observed() const override { return observed_ ? &*observed_ : nullptr; }
  Task<std::optional<std::string>> control(std::string_view name, Duration limit) override {
    co_return co_await controls_.perform(name, choice_.address, nullptr, limit);
  }
  Task<std::optional<std::string>> stop() override {
    if (!controls_.were_performed()) co_return std::nullopt;
    if (controls_.close_was_performed()) co_await await_listening(false, kTakesEffect);
    auto problem = co_await controls_.undo(nullptr);
    if (!problem && !co_await await_listening(true, kListensAgain))
      problem = fmt::format("nobody listens at {} any more", choice_.address.to_string());
    if (problem) *spoilt_ = problem;
    co_return problem;
  }

 private:
  /// Whether there is a listener, or none, by the end of this time; true where the kernel does not
  /// show that, as of another host. What was told last may not have been done yet.
  Task<bool> await_listening(bool wanted, Duration limit) {
    auto table = SocketTable::open();
    if (!choice_.address.is_loopback() || !table.ok()) co_return true;
    const Deadline deadline(loop_, limit);
    while (is_listened_at(table.value(), choice_.address) != wanted) {
      if (deadline.has_passed()) co_return false;
      co_await loop_.sleep_until(Clock::now() + kPoll);
    }
    co_return true;
  }

  Loop& loop_;
  ChosenAddress choice_;
  bool observe_;
  Controls controls_;
  std::shared_ptr<std::optional<std::string>> spoilt_;  ///< of the target: what nobody took back
  std::optional<ObservedProcesses> observed_;           ///< another one where it was launched again
};

class ExternalTarget : public Target {
 public:
  ExternalTarget(Profile profile, ChosenAddress choice, bool has_socket_table)
      : profile_(std::move(profile)), choice_(std::move(choice)), provides_(profile_.provides) {
    const bool is_unix = choice_.address.is_unix();
    if (has_ipv6_loopback()) provides_.insert("ipv6_host");
    if (!is_unix) provides_.insert("tcp");
    if (!is_local(choice_.address, profile_.provides)) return;
    provides_.insert("local");
    if (has_socket_table && !is_unix) provides_.insert("socket_table");
    // What several scenarios do to it at once cannot be told apart.
    const bool alone = profile_.concurrency == 1;
    // On a Unix socket nothing tells who else is connected.
    if (alone && !is_unix && ObservedProcesses::at(choice_.address))
      provides_.insert("process_observation");
  }

  std::string name() const override { return profile_.name; }
  std::set<std::string> provides() const override { return provides_; }
  int concurrency() const override { return profile_.concurrency; }
  /// What one scenario tells it, others would meet.
  int most_at_once() const override { return profile_.controls.empty() ? 0 : 1; }
  std::unique_ptr<Endpoint> acquire(Loop& loop, const Scenario&, const std::string&) override {
    return std::make_unique<ExternalEndpoint>(loop, choice_,
                                              provides_.contains("process_observation"),
                                              Controls(loop, profile_.controls), spoilt_);
  }
  std::optional<Command> program(std::string_view name, const SocketAddress& to) const override {
    return program_of(profile_, name, to);
  }

 private:
  Profile profile_;
  ChosenAddress choice_;
  std::set<std::string> provides_;
  std::shared_ptr<std::optional<std::string>> spoilt_ =
      std::make_shared<std::optional<std::string>>();
};

}  // namespace

ChosenAddress choose_address(const ResolvedAddress& resolved) {
  const auto& all = resolved.addresses;
  if (all.size() == 1 && resolved.name.empty())
    return {all.front(), fmt::format("target {}", all.front().to_string())};
  if (all.size() == 1)
    return {all.front(),
            fmt::format("target {} ('{}')", all.front().to_string(), printable(resolved.name))};
  auto table = SocketTable::open();
  const auto listened_at = [&](const SocketAddress& address) {
    return table.ok() && is_listened_at(table.value(), address);
  };
  const auto found = std::ranges::find_if(all, listened_at);
  const auto& used = found == all.end() ? all.front() : *found;
  const auto why = found == all.end() ? "the first one is used" : "somebody listens on this one";
  return {used, fmt::format("target {}: {}, and {}", used.to_string(), show_choice(resolved), why)};
}

std::variant<std::unique_ptr<Target>, std::string> make_external_target(const Profile& profile,
                                                                        bool has_socket_table) {
  const auto written = profile.address.constant();
  if (!written)
    return fmt::format("the address of '{}' needs a port: nobody launches it here",
                       printable(profile.name));
  const auto resolved = resolve(*written);
  if (const auto* problem = std::get_if<std::string>(&resolved)) return *problem;
  const auto& first = std::get<ResolvedAddress>(resolved).addresses.front();
  if (!first.is_unix() && first.port() == 0)
    return fmt::format("'{}': nobody can listen on port 0", printable(*written));
  return std::unique_ptr<Target>(std::make_unique<ExternalTarget>(
      profile, choose_address(std::get<ResolvedAddress>(resolved)), has_socket_table));
}

namespace {

Variables launch_variables(const SocketAddress& address) {
  return {{"host", address.host()},
          {"port", std::to_string(address.port())},
          {"address", address.to_string()}};
}

/// The authority is made only for a program that is told of it.
std::string filled(const Template& text, const Variables& known) {
  const auto mostly = text.with(known);
  if (mostly.names().empty()) return mostly.constant().value_or("");
  return mostly.with({{"tls_ca", RunAuthority::get().file()}}).constant().value_or("");
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
  return command_of(found->second, to);
}

Command command_of(const ProgramSpec& program, const SocketAddress& to) {
  const auto known = launch_variables(to);
  Command command;
  command.argv = command_line(program.command, to);
  for (const auto& [variable, value] : program.environment)
    command.environment.emplace_back(variable, filled(value, known));
  if (program.directory) command.directory = filled(*program.directory, known);
  return command;
}

}  // namespace dialtone
