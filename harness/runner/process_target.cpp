#include "harness/runner/process_target.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/model/printable.hpp"
#include "harness/runner/external_target.hpp"
#include "harness/runner/process_endpoint.hpp"

namespace dialtone {
namespace {

/// A scenario's view of a server that outlives it.
class SharedEndpoint : public Endpoint {
 public:
  SharedEndpoint(std::shared_ptr<ProcessEndpoint> server, bool& started) : server_(std::move(server)), started_(started) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override {
    auto* process = server_->process();
    if (started_ && process != nullptr && !process->exit_status()) co_return std::nullopt;
    if (started_) co_return std::string("the shared target has ended in an earlier scenario");
    started_ = true;
    co_return co_await server_->start(recorder);
  }
  SocketAddress address() const override { return server_->address(); }
  Task<std::optional<std::string>> control(std::string_view name) override { co_return co_await server_->control(name); }
  Process* process() override { return server_->process(); }
  Task<std::optional<std::string>> stop() override { co_return std::nullopt; }

 private:
  std::shared_ptr<ProcessEndpoint> server_;
  bool& started_;
};

class ProcessTarget : public Target {
 public:
  ProcessTarget(Profile profile, SocketAddress address, double time_scale)
      : profile_(std::move(profile)), address_(address), time_scale_(time_scale), provides_(profile_.provides) {
    provides_.insert({"local", "process", "socket_table"});
  }

  std::string name() const override { return profile_.name; }
  std::set<std::string> provides() const override { return provides_; }
  int concurrency() const override { return profile_.concurrency; }

  std::unique_ptr<Endpoint> acquire(Loop& loop, const Scenario& scenario, const std::string&) override {
    if (profile_.isolation == Profile::Isolation::kPerScenario) {
      return std::make_unique<ProcessEndpoint>(loop, launch(scenario.await_ready));
    }
    if (!shared_) shared_ = std::make_shared<ProcessEndpoint>(loop, launch(true));
    return std::make_unique<SharedEndpoint>(shared_, shared_started_);
  }

  std::vector<std::string> program(std::string_view name, const SocketAddress& to) const override {
    return program_of(profile_, name, to);
  }

  Task<> finish(Loop&) override {
    if (shared_) co_await shared_->stop();
    shared_.reset();
  }

 private:
  Launch launch(bool await_ready) const {
    const auto address = address_.port() == 0 ? address_.with_port(free_port(address_)) : address_;
    const auto& start = *profile_.start;
    const auto scaled = [this](Duration duration) {
      return Duration(static_cast<Duration::rep>(static_cast<double>(duration.count()) * time_scale_));
    };
    return {command_line(start.command, address), address, await_ready, scaled(start.ready_within), start.stop_signal,
            scaled(start.stop_within), profile_.control_signals};
  }

  Profile profile_;
  SocketAddress address_;  ///< port 0: a free one for each launch
  double time_scale_;
  std::set<std::string> provides_;
  std::shared_ptr<ProcessEndpoint> shared_;
  bool shared_started_ = false;
};

}  // namespace

std::variant<std::unique_ptr<Target>, std::string> make_process_target(const Profile& profile, double time_scale,
                                                                       bool has_socket_table) {
  if (!has_socket_table) {
    return std::string("the kernel does not show its table of sockets here, so nobody can tell when the target listens");
  }
  const auto written = profile.address.with({{"port", "0"}}).constant();
  const auto address = written ? SocketAddress::parse(*written) : std::nullopt;
  if (!address) {
    return fmt::format("the address of '{}' must be an IP address and a port, such as 127.0.0.1:${{port}}", printable(profile.name));
  }
  return std::unique_ptr<Target>(std::make_unique<ProcessTarget>(profile, *address, time_scale));
}

}  // namespace dialtone
