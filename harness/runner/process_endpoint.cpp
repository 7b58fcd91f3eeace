#include "harness/runner/process_endpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/model/duration.hpp"
#include "harness/model/signal_name.hpp"
#include "harness/net/ephemeral_ports.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/runner/last_words.hpp"
#include "harness/runner/port_blocks.hpp"
#include "harness/runner/time_wait.hpp"

namespace dialtone {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(2);
constexpr Duration kKillLimit = std::chrono::seconds(10);

}  // namespace

std::uint16_t free_port(const std::vector<SocketAddress>& hosts) {
  static PortBlocks blocks;
  for (int tries = 0; tries < PortBlocks::kPorts; ++tries) {
    const auto port = blocks.next();
    const auto is_free = [port](const SocketAddress& host) {
      const UniqueFd fd(::socket(host.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
      const auto address = host.with_port(port);
      return ::bind(fd.get(), address.data(), address.size()) == 0;
    };
    if (!is_ephemeral(port) && std::ranges::all_of(hosts, is_free)) return port;
  }
  return 0;
}

Task<std::optional<std::string>> ProcessEndpoint::start(Recorder& recorder) {
  if (auto problem = family_trouble(launch_.address)) {
    co_return fmt::format("the target cannot listen on {}: {}", launch_.address.to_string(),
                          *problem);
  }
  auto opened = watch();
  if (auto* problem = std::get_if<std::string>(&opened)) co_return std::move(*problem);
  auto& ready = std::get<ListenWatch>(opened);
  if (auto taken = ready.taken()) co_return taken;
  if (ready.table() != nullptr)
    co_await clear_time_wait(loop_, *ready.table(), launch_.address.port());
  if (auto problem = co_await launch(recorder)) co_return problem;
  if (!launch_.await_ready) co_return std::nullopt;
  auto problem = co_await wait_ready(ready);
  if (!problem) note_listening(recorder);
  co_return problem;
}

std::variant<ListenWatch, std::string> ProcessEndpoint::watch() const {
  std::vector<SocketAddress> places{launch_.address};
  places.insert(places.end(), launch_.others.begin(), launch_.others.end());
  if (launch_.datagrams) return ListenWatch::open_datagrams(std::move(places));
  return ListenWatch::open(std::move(places));
}

Task<std::optional<std::string>> ProcessEndpoint::launch(Recorder& recorder) {
  recorder.note(fmt::format("launch: {}", fmt::join(launch_.command, " ")));
  Command command;
  command.argv = launch_.command;
  command.environment = launch_.environment;
  command.directory = launch_.directory;
  auto process = co_await Process::launch(loop_, std::move(command));
  if (!process.ok())
    co_return fmt::format("cannot launch '{}': {}", launch_.command.front(), process.error().text);
  process_.emplace(std::move(process.value()));
  co_return std::nullopt;
}

void ProcessEndpoint::note_listening(Recorder& recorder) const {
  recorder.note(
      fmt::format("process {} listens on {}", process_->pid(), launch_.address.to_string()));
}

/// Its children end a moment after it, and hold their copies of its sockets until then.
Task<std::optional<std::string>> ProcessEndpoint::kill_group(Recorder& recorder) {
  const auto group = process_->pid();
  const Deadline deadline(loop_, kKillLimit);
  co_await process_->stop(SIGKILL, std::chrono::milliseconds(0));
  while (!running_members(group).empty()) {
    if (deadline.has_passed())
      co_return fmt::format("a process of group {} outlived SIGKILL", group);
    co_await loop_.sleep_until(Clock::now() + kPoll);
  }
  recorder.note(
      fmt::format("process {} and its group were killed{}", group, last_words(*process_)));
  co_return std::nullopt;
}

Task<Restarted> ProcessEndpoint::restart(Recorder& recorder) {
  using Outcome = Restarted::Outcome;
  if (!process_) co_return Restarted{Outcome::kImpossible, "it was never launched"};
  auto opened = watch();
  if (auto* problem = std::get_if<std::string>(&opened))
    co_return Restarted{Outcome::kImpossible, std::move(*problem)};
  auto& ready = std::get<ListenWatch>(opened);
  // Else our SIGKILL would pass for what it died of.
  if (is_exiting(process_->pid())) co_await process_->wait_exit(Clock::now() + kKillLimit);
  if (const auto crash = process_->crash()) {
    co_return Restarted{Outcome::kTargetFailed,
                        fmt::format("it had died before that: {}", to_string(*crash))};
  }
  if (auto problem = co_await kill_group(recorder))
    co_return Restarted{Outcome::kImpossible, std::move(*problem)};
  const auto taken = ready.taken();  // by an orphan that another group has taken in
  if (auto problem = co_await launch(recorder))
    co_return Restarted{Outcome::kImpossible, std::move(*problem)};
  const Deadline deadline(loop_, launch_.ready_within);
  auto problem = co_await wait_ready(ready);
  if (!problem) {
    note_listening(recorder);
    co_return Restarted{};
  }
  if (deadline.has_passed() && deadline.spoilt(loop_))
    co_return Restarted{Outcome::kImpossible, "the harness itself did not run meanwhile"};
  if (taken) *problem += fmt::format("; before it was launched, {}", *taken);
  co_return Restarted{Outcome::kTargetFailed, std::move(*problem)};
}

Task<std::optional<std::string>> ProcessEndpoint::wait_ready(ListenWatch& watch) {
  const Deadline deadline(loop_, launch_.ready_within);
  while (!deadline.has_passed()) {
    if (const auto found = watch.found(process_->pid())) {
      launch_.address = *found;
      co_return std::nullopt;
    }
    if (const auto status = process_->exit_status()) {
      co_return fmt::format("the target ended before it listened: {}{}", to_string(*status),
                            last_words(*process_));
    }
    const auto until = Clock::now() + kPoll;
    co_await process_->wait_exit(until);
  }
  co_return fmt::format("the target did not listen on {} within {}: {}{}",
                        launch_.address.to_string(), format_duration(launch_.ready_within),
                        watch.elsewhere(process_->pid()), last_words(*process_));
}

void ProcessEndpoint::free_path() const {
  const auto path = launch_.address.is_unix() ? launch_.address.host() : std::string();
  std::error_code none;
  if (path.empty() || path.front() == '@' || !std::filesystem::is_socket(path, none)) return;
  auto opened = ListenWatch::open({launch_.address});
  if (!std::get<ListenWatch>(opened).taken()) std::filesystem::remove(path, none);
}

Task<std::optional<std::string>> ProcessEndpoint::control(std::string_view name, Duration limit) {
  co_return co_await controls_.perform(name, launch_.address, &*process_, limit);
}

Task<std::optional<std::string>> ProcessEndpoint::undo_controls() {
  if (!process_ || !controls_.were_performed()) co_return std::nullopt;
  if (process_->exit_status()) co_return co_await controls_.undo(nullptr);
  auto opened = watch();
  if (auto* problem = std::get_if<std::string>(&opened)) co_return std::move(*problem);
  auto& listens = std::get<ListenWatch>(opened);
  const Deadline effect(loop_, kTakesEffect);
  while (controls_.close_was_performed() && listens.found(process_->pid()) && !effect.has_passed())
    co_await loop_.sleep_until(Clock::now() + kPoll);
  if (auto problem = co_await controls_.undo(&*process_)) co_return problem;
  co_return co_await wait_ready(listens);
}

Task<std::optional<std::string>> ProcessEndpoint::stop() {
  if (!process_) co_return std::nullopt;
  auto undone = co_await controls_.undo(nullptr);
  const auto grace = std::chrono::duration_cast<std::chrono::milliseconds>(launch_.stop_within);
  const bool ended = co_await process_->stop(launch_.stop_signal, grace);
  free_path();
  if (ended) co_return undone;
  const auto& stayed = process_->stayed();
  co_return fmt::format("the target ignored {} for {} and was killed{}",
                        signal_name(launch_.stop_signal), format_duration(launch_.stop_within),
                        stayed.empty() ? "" : " (" + stayed + ")");
}

}  // namespace dialtone
