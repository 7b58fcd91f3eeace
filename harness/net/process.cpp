#include "harness/net/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/basic_waitable_timer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/posix/basic_stream_descriptor.hpp>
#include <asio/wait_traits.hpp>
#include <cerrno>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "harness/net/head_tail.hpp"
#include "harness/net/pollable.hpp"
#include "harness/net/process_observation.hpp"
#include "harness/net/signal_state.hpp"

namespace dialtone {
namespace {

using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

/// How long the kernel may take to end a process that got SIGKILL. One that hangs in a broken file
/// system longer than that is left behind.
constexpr std::chrono::seconds kKillLimit{5};
constexpr auto kLook = std::chrono::milliseconds(100);  // for what was stopped

constexpr std::size_t kChunk = std::size_t{32} * 1024;
constexpr int kPortions = 8;

ExitStatus status_of(const siginfo_t& info) {
  return {.signaled = info.si_code != CLD_EXITED, .code = info.si_status};
}

/// Blocks until `fd` is readable, or the deadline; signals do not cut it short.
void wait_readable(int fd, Clock::time_point deadline) {
  pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
  int ready = -1;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    ready = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  } while (ready < 0 && errno == EINTR);
}

/// One of the process's output streams, and what was kept of it.
struct Channel {
  Channel(const Executor& executor, UniqueFd fd) : pipe(executor, fd.release()) {}

  Descriptor pipe;
  HeadTail kept;
  bool ended = false;
};

}  // namespace

std::string to_string(const ExitStatus& status) {
  if (status.code == ExitStatus::kLost) return "unknown exit status (another waiter took it)";
  if (!status.signaled) return fmt::format("exit code {}", status.code);
  const char* name = ::sigabbrev_np(status.code);
  if (name == nullptr) return fmt::format("signal {}", status.code);
  return fmt::format("signal {} (SIG{})", status.code, name);
}

class Process::State : public std::enable_shared_from_this<State> {
 public:
  State(const Executor& executor, Spawned spawned)
      : executor_(executor),
        pid_(spawned.pid),
        pidfd_(executor, spawned.pidfd.release()),
        out_(executor, std::move(spawned.out)),
        err_(executor, std::move(spawned.err)) {}

  pid_t pid() const { return pid_; }
  Output output() const { return {out_.kept.text(), err_.kept.text()}; }
  bool output_ended() const { return out_.ended && err_.ended; }

  void start();
  void close_quietly() noexcept;
  const std::optional<ExitStatus>& check_exit();
  std::optional<ExitStatus> crash();
  bool was_told_to_end() const;
  void signal(int number);
  void signal_group(int number);
  void kill_all();
  void reap();
  void drain();

  static Task<bool> wait_until(std::shared_ptr<State> state, std::function<bool()> settled,
                               Deadline deadline);
  static Task<bool> wait_output(std::shared_ptr<State> state, OutputPredicate predicate,
                                Deadline deadline);
  static Task<bool> stop(std::shared_ptr<State> state, int number, std::chrono::milliseconds grace);
  const std::string& stayed() const { return stayed_; }

 private:
  /// Registers a waiter's timer for as long as it sleeps, also where its coroutine is destroyed.
  struct Sleeping {
    Sleeping(State& its_state, Timer& its_timer) : state(its_state), timer(its_timer) {
      state.sleepers_.push_back(&timer);
    }
    Sleeping(const Sleeping&) = delete;
    Sleeping& operator=(const Sleeping&) = delete;
    ~Sleeping() { std::erase(state.sleepers_, &timer); }

    State& state;
    Timer& timer;
  };

  static Task<> pump(std::shared_ptr<State> state, Channel& channel);
  static Task<> watch(std::shared_ptr<State> state);

  void close();
  void drain(Channel& channel);
  void wake();

  Executor executor_;
  pid_t pid_;
  Descriptor pidfd_;
  Channel out_;
  Channel err_;
  std::optional<ExitStatus> status_;
  bool reaped_ = false;
  bool closed_ = false;
  std::set<int> sent_;  ///< signals
  std::string stayed_;  ///< what it did instead of ending
  std::vector<Timer*> sleepers_;
};

void Process::State::start() {
  asio::co_spawn(executor_, pump(shared_from_this(), out_), asio::detached);
  asio::co_spawn(executor_, pump(shared_from_this(), err_), asio::detached);
  asio::co_spawn(executor_, watch(shared_from_this()), asio::detached);
}

/// Waits for the pipe and then reads it in drain(): a read that Asio does could have been done
/// while its handler still waits in the queue, and a drain() between the two would swap the octets.
Task<> Process::State::pump(std::shared_ptr<State> state, Channel& channel) {
  while (!state->closed_ && !channel.ended) {
    const auto [error] = co_await channel.pipe.async_wait(Descriptor::wait_read, kAwait);
    if (error) co_return;  // closed by us
    state->drain(channel);
    state->wake();
  }
}

/// Asio may take the readiness of a descriptor that was just closed for that of a new one in its
/// place: one word of it proves nothing.
Task<> Process::State::watch(std::shared_ptr<State> state) {
  while (!state->closed_ && !state->check_exit()) {
    const auto [error] = co_await state->pidfd_.async_wait(Descriptor::wait_read, kAwait);
    if (error) co_return;  // closed by us
  }
}

Task<bool> Process::State::wait_until(std::shared_ptr<State> state, std::function<bool()> settled,
                                      Deadline deadline) {
  Timer timer(state->executor_);
  while (!settled()) {
    if (state->closed_ || Clock::now() >= deadline) co_return false;
    timer.expires_at(deadline);
    const Sleeping registered(*state, timer);
    co_await timer.async_wait(kAwait);  // the deadline, or woken: the loop sees which
  }
  co_return true;
}

Task<bool> Process::State::wait_output(std::shared_ptr<State> state, OutputPredicate predicate,
                                       Deadline deadline) {
  bool liked = false;
  const auto settled = [raw = state.get(), &predicate, &liked] {
    liked = predicate(raw->output());
    return liked || raw->output_ended();
  };
  co_await wait_until(state, settled, deadline);
  co_return liked;
}

Task<bool> Process::State::stop(std::shared_ptr<State> state, int number,
                                std::chrono::milliseconds grace) {
  const auto ended = [raw = state.get()] { return raw->check_exit().has_value(); };
  const auto give_up = Clock::now() + grace;
  state->signal_group(number);
  if (is_stopped(state->pid_)) state->signal_group(SIGCONT);
  bool in_time = co_await wait_until(state, ended, std::min(give_up, Clock::now() + kLook));
  while (!in_time && Clock::now() < give_up) {
    if (std::ranges::any_of(running_members(state->pid_), is_stopped)) state->signal_group(SIGCONT);
    in_time = co_await wait_until(state, ended, std::min(give_up, Clock::now() + kLook));
  }
  if (!in_time) state->stayed_ = signal_state_of(state->pid_, number);
  state->kill_all();
  co_await wait_until(state, ended, Clock::now() + kKillLimit);
  state->drain();
  state->reap();
  co_return in_time;
}

/// WNOWAIT leaves the zombie in place, which keeps its id from being given away.
const std::optional<ExitStatus>& Process::State::check_exit() {
  if (status_) return status_;
  siginfo_t info{};
  const int result = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  if (result == 0 && info.si_pid != pid_) return status_;  // it runs
  if (result != 0 && errno == EINTR) return status_;
  reaped_ = result != 0;
  status_ = reaped_ ? ExitStatus{.signaled = false, .code = ExitStatus::kLost} : status_of(info);
  drain();
  wake();
  return status_;
}

std::optional<ExitStatus> Process::State::crash() {
  const auto& status = check_exit();
  if (!status || !status->signaled || sent_.contains(status->code)) return std::nullopt;
  return status;
}

bool Process::State::was_told_to_end() const {
  return std::ranges::any_of(sent_,
                             [](int number) { return number != SIGSTOP && number != SIGCONT; });
}

void Process::State::signal(int number) {
  if (reaped_) return;
  if (!check_exit()) sent_.insert(number);
  ::syscall(SYS_pidfd_send_signal, pidfd_.native_handle(), number, nullptr, 0U);
}

void Process::State::signal_group(int number) {
  if (reaped_) return;
  if (!check_exit()) sent_.insert(number);
  ::kill(-pid_, number);
  if (::getpgid(pid_) != pid_) signal(number);  // it moved to another group
}

void Process::State::kill_all() {
  signal_group(SIGKILL);
  signal(SIGKILL);
}

void Process::State::reap() {
  if (reaped_ || !check_exit()) return;
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG);
  reaped_ = true;
}

void Process::State::drain() {
  drain(out_);
  drain(err_);
}

/// Reads what is in the pipe now. Bounded by more than a pipe holds by default, since a program may
/// write faster than we read and others want their turn.
void Process::State::drain(Channel& channel) {
  std::array<char, kChunk> chunk;
  for (int portion = 0; portion < kPortions && !channel.ended && !closed_; ++portion) {
    const auto size = ::read(channel.pipe.native_handle(), chunk.data(), chunk.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    channel.ended = size <= 0;
    if (size > 0) channel.kept.append({chunk.data(), static_cast<std::size_t>(size)});
  }
}

void Process::State::wake() {
  for (auto* timer : sleepers_) timer->cancel();
}

void Process::State::close() {
  kill_all();
  if (!reaped_) wait_readable(pidfd_.native_handle(), Clock::now() + kKillLimit);
  reap();
  closed_ = true;
  asio::error_code ignored;
  pidfd_.close(ignored);
  out_.pipe.close(ignored);
  err_.pipe.close(ignored);
  wake();
}

/// For the destructor. What could throw (no memory for the last output) comes after the kill.
void Process::State::close_quietly() noexcept {
  try {
    close();
  } catch (...) {
    closed_ = true;
  }
}

// A machine under load may leave a new process waiting for its processor; nothing takes longer than
// this.
constexpr Duration kLoadLimit = std::chrono::seconds(60);

Task<OsResult<Process>> Process::launch(Loop& loop, Command command) {
  auto begun = begin_spawn(command);
  if (!begun.ok()) co_return begun.error();
  Process process(std::make_shared<State>(loop.executor(), std::move(begun.value().child)));
  Pollable status(loop, std::move(begun.value().status));
  co_await status.wait(Pollable::For::kReading, Clock::now() + kLoadLimit);
  if (auto error = spawn_failure(command, status.fd())) co_return *error;
  co_return std::move(process);
}

OsResult<Process> Process::spawn(const Executor& executor, const Command& command) {
  auto spawned = dialtone::spawn(command);
  if (!spawned.ok()) return spawned.error();
  return Process(std::make_shared<State>(executor, std::move(spawned.value())));
}

Process::Process(std::shared_ptr<State> state) : state_(std::move(state)) { state_->start(); }

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    if (state_) state_->close_quietly();
    state_ = std::move(other.state_);
  }
  return *this;
}

Process::~Process() {
  if (state_) state_->close_quietly();
}

pid_t Process::pid() const { return state_->pid(); }

std::optional<ExitStatus> Process::exit_status() { return state_->check_exit(); }

std::optional<ExitStatus> Process::crash() { return state_->crash(); }

bool Process::was_told_to_end() const { return state_->was_told_to_end(); }

Process::Output Process::output() const { return state_->output(); }

void Process::signal(int number) { state_->signal(number); }

void Process::let_group_be() { state_->reap(); }
void Process::signal_group(int number) { state_->signal_group(number); }

Task<bool> Process::wait_exit(Deadline deadline) {
  const auto ended = [state = state_.get()] { return state->check_exit().has_value(); };
  return State::wait_until(state_, ended, deadline);
}

Task<bool> Process::wait_output(OutputPredicate predicate, Deadline deadline) {
  return State::wait_output(state_, std::move(predicate), deadline);
}

Task<bool> Process::stop(int number, std::chrono::milliseconds grace) {
  return State::stop(state_, number, grace);
}

const std::string& Process::stayed() const { return state_->stayed(); }

}  // namespace dialtone
