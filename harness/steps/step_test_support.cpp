#include "harness/steps/step_test_support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/model/load_suite.hpp"
#include "harness/runner/run_scenario.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void await(int fd, short events, const std::string& what) {
  pollfd watched{.fd = fd, .events = events, .revents = 0};
  if (::poll(&watched, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) != 1) {
    throw std::runtime_error("the peer waited in vain: " + what);
  }
}

std::shared_ptr<const Suite> load(std::string_view steps, std::string_view extra,
                                  Diagnostics& diagnostics) {
  const auto text = fmt::format(
      R"({{"suite": "test", "scenarios": [{{"id": "T", "timeout": "20s", {} "steps": [{}]}}]}})",
      extra, steps);
  return load_suite("test.json", text, {step_registry(), {}}, diagnostics);
}

std::string render(const Diagnostics& diagnostics) {
  std::string all;
  for (const auto& diagnostic : diagnostics) all += render(diagnostic);
  return all;
}

class FixedEndpoint : public Endpoint {
 public:
  explicit FixedEndpoint(SocketAddress address) : address_(address) {}
  Task<std::optional<std::string>> start(Recorder&) override { co_return std::nullopt; }
  SocketAddress address() const override { return address_; }
  Task<std::optional<std::string>> control(std::string_view, Duration) override {
    co_return std::string("no control here");
  }
  Task<std::optional<std::string>> stop() override { co_return std::nullopt; }

 private:
  SocketAddress address_;
};

class FixedTarget : public Target {
 public:
  FixedTarget(SocketAddress address, std::vector<std::string> client)
      : address_(address), client_(std::move(client)) {}
  std::string name() const override { return "test"; }
  std::set<std::string> provides() const override { return {}; }
  int concurrency() const override { return 0; }
  std::unique_ptr<Endpoint> acquire(Loop&, const Scenario&, const std::string&) override {
    return std::make_unique<FixedEndpoint>(address_);
  }
  std::optional<Command> program(std::string_view name, const SocketAddress& to) const override {
    if (name != "client" || client_.empty()) return std::nullopt;
    Command command;
    command.argv = client_;
    command.argv.push_back(std::to_string(to.port()));
    return command;
  }

 private:
  SocketAddress address_;
  std::vector<std::string> client_;
};

}  // namespace

std::shared_ptr<const Suite> suite_of(std::string_view steps, std::string_view extra) {
  Diagnostics diagnostics;
  auto suite = load(steps, extra, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(render(diagnostics));
  return suite;
}

std::string mistakes_of(std::string_view steps) {
  Diagnostics diagnostics;
  load(steps, {}, diagnostics);
  return render(diagnostics);
}

PeerSocket::PeerSocket(UniqueFd fd)
    : fd_(std::move(fd)),
      local_(SocketAddress::local_of(fd_.get()).value()),
      peer_(SocketAddress::peer_of(fd_.get()).value_or(SocketAddress())) {}

void PeerSocket::send(std::string_view octets) {
  while (!octets.empty()) {
    const auto sent = ::send(fd(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0) throw_errno("the peer's send");
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void PeerSocket::send_octet_by_octet(std::string_view octets) {
  const int on = 1;
  ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (const char octet : octets) {
    if (::send(fd(), &octet, 1, MSG_NOSIGNAL) != 1) return;  // the harness has seen enough
    await_read();
  }
}

void PeerSocket::await_read() {
  auto table = SocketTable::open();
  if (!table.ok()) throw std::runtime_error(table.error().text);
  const auto give_up = Clock::now() + kPatience;
  while (Clock::now() < give_up) {
    int unacknowledged = 0;
    ::ioctl(fd(), TIOCOUTQ, &unacknowledged);
    const auto row = table.value().find(peer_, local_);
    if (!row.ok() || !row.value()) return;
    if (unacknowledged == 0 && row.value()->receive_queue == 0) return;
    std::this_thread::yield();
  }
  throw std::runtime_error("the harness does not read");
}

std::string PeerSocket::receive(std::size_t count) {
  std::string all(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    await(fd(), POLLIN, "for octets");
    const auto size = ::recv(fd(), all.data() + got, count - got, 0);
    if (size <= 0) throw std::runtime_error(fmt::format("the harness ended after {} octets", got));
    got += static_cast<std::size_t>(size);
  }
  return all;
}

std::string PeerSocket::await_end() {
  std::array<char, 65536> room;
  while (true) {
    await(fd(), POLLIN, "for the end");
    const auto size = ::recv(fd(), room.data(), room.size(), 0);
    if (size == 0) return "FIN";
    if (size < 0 && errno == ECONNRESET) return "RST";
    if (size < 0) throw_errno("the peer's recv");
  }
}

void PeerSocket::shutdown() {
  // ENOTCONN: a RST came first, which await_end tells of.
  if (::shutdown(fd(), SHUT_WR) != 0 && errno != ENOTCONN) throw_errno("the peer's shutdown");
}

void PeerSocket::reset() {
  const linger now{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

PeerListener::PeerListener(int backlog, const SocketAddress& at)
    : fd_(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (::bind(fd_.get(), at.data(), at.size()) != 0 || ::listen(fd_.get(), backlog) != 0) {
    throw_errno("the peer's listener");
  }
  address_ = SocketAddress::local_of(fd_.get()).value();
}

PeerSocket PeerListener::accept() {
  await(fd_.get(), POLLIN, "for a connection");
  UniqueFd fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) throw_errno("the peer's accept");
  return PeerSocket(std::move(fd));
}

bool PeerListener::has_caller() const {
  pollfd look{fd_.get(), POLLIN, 0};
  return ::poll(&look, 1, 0) > 0;
}

ScenarioLoop::ScenarioLoop() : context_(std::make_unique<asio::io_context>()) {
  auto table = SocketTable::open();
  if (table.ok()) table_.emplace(std::move(table.value()));
  loop_.emplace(*context_);
  loop_->stalls().start();
}

ScenarioLoop::~ScenarioLoop() {
  loop_->shutdown();
  context_.reset();
}

void ScenarioLoop::run(Task<> task) {
  bool done = false;
  std::exception_ptr trouble;
  asio::co_spawn(loop_->executor(), std::move(task), [&](const std::exception_ptr& error) {
    trouble = error;
    done = true;
  });
  const auto give_up = Clock::now() + 2 * kPatience;
  while (!done && Clock::now() < give_up) context_->run_one_until(give_up);
  over_ = true;
  over_.notify_all();
  if (trouble) std::rethrow_exception(trouble);
  if (!done) throw std::runtime_error("the task does not end");
}

ScenarioResult ScenarioLoop::run(const std::shared_ptr<const Suite>& suite, Target& target,
                                 double time_scale) {
  const Surroundings surroundings{&*loop_, &target, socket_table(), time_scale};
  ScenarioResult result;
  const auto whole = [&]() -> Task<> {
    PlannedScenario planned{suite, &suite->scenarios.front(), 1, std::nullopt};
    result = co_await run_scenario(surroundings, std::move(planned), "127.0.0.1");
  };
  run(whole());
  return result;
}

void ScenarioLoop::stall(std::chrono::milliseconds length) {
  const auto begun = std::make_shared<std::promise<void>>();
  asio::post(loop_->executor(), [begun, length] {
    begun->set_value();
    ::usleep(static_cast<useconds_t>(std::chrono::microseconds(length).count()));
  });
  if (begun->get_future().wait_for(kPatience) != std::future_status::ready)
    throw std::runtime_error("the loop does not run");
}

void ScenarioLoop::keep_stalling(std::chrono::milliseconds length) { stall_again(length); }

void ScenarioLoop::stall_again(std::chrono::milliseconds length) {
  asio::post(loop_->executor(), [this, length] {
    ::usleep(static_cast<useconds_t>(std::chrono::microseconds(length).count()));
    stall_again(length);
  });
}

std::unique_ptr<Target> target_at(const SocketAddress& address, std::vector<std::string> client) {
  return std::make_unique<FixedTarget>(address, std::move(client));
}

ScenarioResult run_once_against(const Script& script, std::string_view steps,
                                std::string_view extra) {
  const auto suite = suite_of(steps, extra);
  ScenarioLoop loop;
  PeerListener listener;
  const auto target = target_at(listener.address());
  auto played = std::async(std::launch::async, [&] {
    auto peer = listener.accept();
    script(peer, loop);
  });
  auto result = loop.run(suite, *target);
  EXPECT_NO_THROW(played.get());
  return result;
}

ScenarioResult unless_too_busy(const std::function<ScenarioResult()>& run) {
  auto result = run();
  for (int tries = 0; tries < 20 && result.problem.type == "HarnessStalled"; ++tries)
    result = run();
  return result;
}

ScenarioResult run_against(const Script& script, std::string_view steps, std::string_view extra) {
  return unless_too_busy([&] { return run_once_against(script, steps, extra); });
}

ScenarioResult run_alone(std::string_view steps, std::string_view extra) {
  const auto suite = suite_of(steps, extra);
  const UniqueFd bound(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto any = SocketAddress::loopback_ipv4(0);
  if (::bind(bound.get(), any.data(), any.size()) != 0) throw_errno("bind");
  const auto target = target_at(SocketAddress::local_of(bound.get()).value());
  return unless_too_busy([&] {
    ScenarioLoop loop;
    return loop.run(suite, *target);
  });
}

ScenarioResult run_bash(const std::string& script, std::string_view steps) {
  const auto suite = suite_of(fmt::format(R"({{"spawn": "p"}}, {})", steps));
  return unless_too_busy([&] {
    const auto target = target_at(SocketAddress::loopback_ipv4(1), {"/bin/bash", "-c", script});
    ScenarioLoop loop;
    return loop.run(suite, *target);
  });
}

void reset_after_go(PeerSocket& peer, ScenarioLoop&) {
  peer.receive(2);
  peer.reset();
}

std::string outcome_of(const ScenarioResult& result) {
  const std::string verdict(name_of(result.verdict));
  return result.problem.type.empty() ? verdict : verdict + " " + result.problem.type;
}

int open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all))) - 1;  // its own
}

}  // namespace dialtone
