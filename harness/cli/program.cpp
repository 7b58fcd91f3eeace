#include "harness/cli/program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "harness/model/signal_name.hpp"

namespace dialtone {
namespace {

/// Of each wait: what hangs fails, what is only slow does not.
constexpr std::chrono::seconds kLimit(300);

Spawned start(const Command& command) {
  auto child = spawn(command);
  if (child.ok()) return std::move(child.value());
  throw std::system_error(child.error().code, std::system_category(), child.error().text);
}

/// All that is there now; closes the descriptor at its end.
void read_all(UniqueFd& from, Bytes& into) {
  std::array<char, 65536> buffer;
  while (from.get() >= 0) {
    const auto count = ::read(from.get(), buffer.data(), buffer.size());
    if (count < 0) return;
    if (count == 0) from = UniqueFd();
    into.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

Program::Program(const Command& command) : child_(start(command)) {}

Program::~Program() {
  if (!reaped_) reap(false);
}

bool Program::has_ended() const {
  pollfd end{child_.pidfd.get(), POLLIN, 0};
  return ::poll(&end, 1, 0) == 1;
}

void Program::drain() {
  read_all(child_.out, result_.out);
  read_all(child_.err, result_.err);
}

bool Program::progress(Time until) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now())
          .count();
  if (left <= 0) return false;
  std::array<pollfd, 3> sources{pollfd{child_.pidfd.get(), POLLIN, 0},
                                pollfd{child_.out.get(), POLLIN, 0},
                                pollfd{child_.err.get(), POLLIN, 0}};
  ::poll(sources.data(), sources.size(),
         static_cast<int>(left));  // a negative descriptor is passed over
  drain();
  return true;
}

bool Program::prints(std::string_view text) {
  const auto until = std::chrono::steady_clock::now() + kLimit;
  while (result_.out.find(text) == Bytes::npos) {
    const bool last = has_ended();  // asked before the read: what it printed at its end counts
    if (!progress(until) || last) break;
  }
  return result_.out.find(text) != Bytes::npos;
}

std::string Program::line_after(std::string_view begin) {
  if (!prints(begin)) return {};
  const auto from = result_.out.find(begin) + begin.size();
  const auto until = std::chrono::steady_clock::now() + kLimit;
  while (result_.out.find('\n', from) == Bytes::npos && !has_ended() && progress(until)) continue;
  return result_.out.substr(from, result_.out.find('\n', from) - from);
}

void Program::send_signal(int signal) const { ::kill(child_.pid, signal); }

void Program::reap(bool in_time) {
  ::kill(-child_.pid, SIGKILL);  // what it has left behind too; nobody where nothing is left
  int status = 0;
  while (::waitpid(child_.pid, &status, 0) < 0 && errno == EINTR) continue;
  reaped_ = true;
  if (!in_time) {
    result_.how = fmt::format("not ended within {} s", kLimit.count());
  } else if (WIFEXITED(status)) {
    result_.exit_code = WEXITSTATUS(status);
    result_.how = fmt::format("exit code {}", result_.exit_code);
  } else {
    result_.how = fmt::format("killed by {}", signal_name(WTERMSIG(status)));
  }
}

ProgramResult Program::finish() {
  const auto until = std::chrono::steady_clock::now() + kLimit;
  bool ended = has_ended();
  while (!ended && progress(until)) ended = has_ended();
  drain();
  reap(ended);
  return std::move(result_);
}

ProgramResult run_program(const Command& command) { return Program(command).finish(); }

}  // namespace dialtone
