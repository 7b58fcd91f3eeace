#include "harness/runner/process_target.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/net/listener.hpp"
#include "harness/net/resolve.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/process_endpoint.hpp"

namespace dialtone {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(2);

/// The server that all scenarios share, and what came of its start.
struct SharedServer {
  enum class State { kNew, kStarting, kStarted };

  SharedServer(Loop& loop, Launch launch) : endpoint(loop, std::move(launch)) {}

  ProcessEndpoint endpoint;
  State state = State::kNew;
  std::optional<std::string> problem;
  std::optional<std::string> spoilt;  ///< what a scenario told it and nobody took back
};

/// A scenario's view of it.
class SharedEndpoint : public Endpoint {
 public:
  SharedEndpoint(Loop& loop, std::shared_ptr<SharedServer> server)
      : loop_(loop), server_(std::move(server)) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override {
    if (server_->state == SharedServer::State::kNew) {
      co_await launch(recorder);
      co_return server_->problem;
    }
    while (server_->state == SharedServer::State::kStarting)
      co_await loop_.sleep_until(Clock::now() + kPoll);
    if (server_->problem)
      co_return fmt::format("the shared target could not be started: {}", *server_->problem);
    if (server_->spoilt) co_return fmt::format("since an earlier scenario, {}", *server_->spoilt);
    if (!process()->exit_status()) co_return std::nullopt;
    co_return fmt::format("the shared target has ended in an earlier scenario: {}",
                          to_string(*process()->exit_status()));
  }
  SocketAddress address() const override { return server_->endpoint.address(); }
  Task<std::optional<std::string>> control(std::string_view name, Duration limit) override {
    co_return co_await server_->endpoint.control(name, limit);
  }
  Process* process() override { return server_->endpoint.process(); }
  Task<std::optional<std::string>> stop() override {
    auto problem = co_await server_->endpoint.undo_controls();
    if (problem) server_->spoilt = problem;
    co_return problem;
  }

 private:
  /// For the scenario that comes first; the others wait for it.
  Task<> launch(Recorder& recorder) {
    struct Over {
      SharedServer& server;
      ~Over() { server.state = SharedServer::State::kStarted; }
    } over{*server_};
    server_->state = SharedServer::State::kStarting;
    server_->problem = "its launch was given up";  // unless it comes to an end
    server_->problem = co_await server_->endpoint.start(recorder);
  }

  Loop& loop_;
  std::shared_ptr<SharedServer> server_;
};

std::string directory_of(const StartSpec& start, const SocketAddress& address) {
  return start.directory ? command_line({*start.directory}, address).front() : std::string();
}

std::vector<std::pair<std::string, std::string>> environment_of(const StartSpec& start,
                                                                const SocketAddress& address) {
  std::vector<std::pair<std::string, std::string>> environment;
  for (const auto& [name, value] : start.environment)
    environment.emplace_back(name, command_line({value}, address).front());
  return environment;
}

class ProcessTarget : public Target {
 public:
  ProcessTarget(Profile profile, std::vector<SocketAddress> addresses, double time_scale)
      : profile_(std::move(profile)),
        addresses_(std::move(addresses)),
        time_scale_(time_scale),
        provides_(profile_.provides) {
    provides_.insert({"local", "process"});
    if (!is_unix()) provides_.insert({"socket_table", "tcp"});
    if (has_ipv6_loopback()) provides_.insert("ipv6_host");
    const bool shared = profile_.isolation == Profile::Isolation::kShared;
    // What several scenarios do to one process at once cannot be told apart.
    if (!shared || profile_.concurrency == 1) provides_.insert("process_observation");
    if (!shared) provides_.insert({"process_control", "control.restart"});
  }

  std::string name() const override { return profile_.name; }
  std::set<std::string> provides() const override { return provides_; }
  int concurrency() const override { return profile_.concurrency; }
  /// Two processes cannot listen on one port, or at one path.
  int most_at_once() const override {
    const bool shared = profile_.isolation == Profile::Isolation::kShared;
    if (shared) return profile_.controls.empty() ? 0 : 1;  // what one tells it, others would meet
    return takes_any_port() ? 0 : 1;
  }

  std::unique_ptr<Endpoint> acquire(Loop& loop, const Scenario& scenario,
                                    const std::string&) override {
    if (profile_.isolation == Profile::Isolation::kPerScenario) {
      return std::make_unique<ProcessEndpoint>(loop, launch(scenario.await_ready));
    }
    if (!shared_) shared_ = std::make_shared<SharedServer>(loop, launch(true));
    return std::make_unique<SharedEndpoint>(loop, shared_);
  }

  std::optional<Command> program(std::string_view name, const SocketAddress& to) const override {
    return program_of(profile_, name, to);
  }

  Task<std::optional<std::string>> finish(Loop&) override {
    const auto shared = std::exchange(shared_, nullptr);
    if (!shared || shared->problem) co_return std::nullopt;
    auto problem = co_await shared->endpoint.stop();
    if (problem) co_return problem;
    auto* process = shared->endpoint.process();
    const auto crash = process == nullptr ? std::nullopt : process->crash();
    if (!crash) co_return std::nullopt;
    co_return fmt::format("the shared target died: {}", to_string(*crash));
  }
  void abandon() override { shared_.reset(); }

 private:
  bool is_unix() const { return addresses_.front().is_unix(); }
  bool takes_any_port() const { return !is_unix() && addresses_.front().port() == 0; }

  Launch launch(bool await_ready) const {
    auto addresses = addresses_;
    if (takes_any_port()) {
      const auto port = free_port(addresses);
      for (auto& address : addresses) address = address.with_port(port);
    }
    const auto address = addresses.front();
    addresses.erase(addresses.begin());
    const auto& start = *profile_.start;
    const auto scaled = [this](Duration duration) {
      return Duration(
          static_cast<Duration::rep>(static_cast<double>(duration.count()) * time_scale_));
    };
    return {command_line(start.command, address),
            address,
            await_ready,
            scaled(start.ready_within),
            start.stop_signal,
            scaled(start.stop_within),
            profile_.controls,
            environment_of(start, address),
            directory_of(start, address),
            std::move(addresses),
            start.datagrams};
  }

  Profile profile_;
  std::vector<SocketAddress> addresses_;  ///< of one name; port 0: a free one for each launch
  double time_scale_;
  std::set<std::string> provides_;
  std::shared_ptr<SharedServer> shared_;
};

}  // namespace

std::variant<std::unique_ptr<Target>, std::string> make_process_target(const Profile& profile,
                                                                       double time_scale,
                                                                       bool has_socket_table) {
  const auto written = profile.address.with({{"port", "0"}}).constant();
  const auto shown = printable(profile.name);
  if (!written) return fmt::format("the address of '{}' cannot be known", shown);
  auto resolved = resolve(*written);
  if (const auto* problem = std::get_if<std::string>(&resolved)) return *problem;
  auto& addresses = std::get<ResolvedAddress>(resolved).addresses;
  const bool is_unix = addresses.front().is_unix();
  if (is_unix && !profile.address.names().empty())
    return fmt::format("the address of '{}' is a Unix socket, which has no ${{port}}", shown);
  if (!is_unix && !has_socket_table) {
    return std::string(
        "the kernel does not show its table of sockets here, so nobody can tell when the target "
        "listens");
  }
  return std::unique_ptr<Target>(
      std::make_unique<ProcessTarget>(profile, std::move(addresses), time_scale));
}

}  // namespace dialtone
