#include "harness/net/spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace dialtone {
namespace {

/// What the child was doing when it failed.
enum class Stage : std::uint8_t { kPrepare, kDirectory, kExec };

/// The child's last words, through a pipe that a successful execve closes.
struct ChildFailure {
  Stage stage;
  int code;
};

/// All that the child needs, made before the vfork: until execve it shares our memory, and may call
/// only what signal-safety(7) allows.
struct ChildPlan {
  std::vector<char*> argv;
  std::vector<char*> environment;
  std::vector<std::string> candidates;  ///< the paths to try, in order
  const char* directory = nullptr;
  int in = -1;
  int out = -1;
  int err = -1;
  int status = -1;
  pid_t parent = -1;
};

[[noreturn]] void fail_child(const ChildPlan& plan, Stage stage, int code) {
  const ChildFailure failure{stage, code};
  [[maybe_unused]] const auto written = ::write(plan.status, &failure, sizeof failure);
  ::_exit(127);
}

void reset_dispositions() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
}

/// Group, parent's death, standard streams. False with errno set where a call fails.
bool prepare_child(const ChildPlan& plan) {
  if (::setpgid(0, 0) != 0) return false;
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  if (::getppid() != plan.parent) ::_exit(127);  // it died before the kernel knew of our wish
  if (::dup2(plan.in, 0) < 0 || ::dup2(plan.out, 1) < 0 || ::dup2(plan.err, 2) < 0) return false;
  // Descriptors that came to us without CLOEXEC are not the program's business. Kernels before
  // 5.11 do not know this call; ours have the flag anyway.
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  return true;
}

/// Tries the candidates in order. EACCES is told only where no other path works and the file is
/// there: a folder of PATH that we may not enter (execvp(3) stumbles over it) denies nothing.
int exec_first(const ChildPlan& plan) {
  const bool searched = plan.candidates.size() > 1;
  int denied = 0;
  for (const auto& path : plan.candidates) {
    ::execve(path.c_str(), plan.argv.data(), plan.environment.data());
    if (errno == EACCES) {
      if (!searched || ::access(path.c_str(), F_OK) == 0) denied = EACCES;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      return errno;
    }
  }
  return denied != 0 ? denied : ENOENT;
}

/// Runs with all signals blocked, so that no handler of ours runs in the child.
[[noreturn]] void run_child(const ChildPlan& plan) {
  reset_dispositions();
  if (!prepare_child(plan)) fail_child(plan, Stage::kPrepare, errno);
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0)
    fail_child(plan, Stage::kDirectory, errno);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  fail_child(plan, Stage::kExec, exec_first(plan));
}

/// Moves `fd` above the standard streams, which dup2 will overwrite in the child.
UniqueFd above_stdio(UniqueFd fd) {
  if (!fd || fd.get() > 2) return fd;
  return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{above_stdio(UniqueFd(ends[0])), above_stdio(UniqueFd(ends[1]))};
  if (!pipe.read || !pipe.write) return std::nullopt;
  return pipe;
}

bool set_non_blocking(int fd) { return ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0; }

/// A file without a name that holds `input`, at its beginning.
UniqueFd memory_file(ByteView input) {
  UniqueFd file(::memfd_create("dialtone-stdin", MFD_CLOEXEC));
  while (file && !input.empty()) {
    const auto written = ::write(file.get(), input.data(), input.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return {};
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file && ::lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

/// What the child reads `input` and then EOF from. Nobody has to feed it later: a pipe holds 64
/// KiB, and more than that becomes a file.
UniqueFd input_source(const std::optional<Bytes>& input) {
  if (!input) return above_stdio(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  auto pipe = make_pipe();
  if (!pipe || !set_non_blocking(pipe->write.get())) return {};
  const auto written = ::write(pipe->write.get(), input->data(), input->size());
  if (written >= 0 && static_cast<std::size_t>(written) == input->size())
    return std::move(pipe->read);
  return above_stdio(memory_file(*input));
}

std::string_view name_in(std::string_view entry) { return entry.substr(0, entry.find('=')); }

/// Our environment with the command's changes, as "NAME=value".
std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const auto name = name_in(*entry);
    const bool replaced =
        std::any_of(command.environment.begin(), command.environment.end(),
                    [name](const auto& variable) { return variable.first == name; });
    if (!replaced) entries.emplace_back(*entry);
  }
  for (const auto& [name, value] : command.environment)
    entries.push_back(fmt::format("{}={}", name, value));
  return entries;
}

std::string path_in(const std::vector<std::string>& environment) {
  constexpr std::string_view fallback = "/usr/local/bin:/usr/bin:/bin";
  for (const auto& entry : environment)
    if (name_in(entry) == "PATH") return entry.substr(std::string_view("PATH=").size());
  return std::string(fallback);
}

std::vector<std::string> candidates_for(const std::string& program, std::string_view path) {
  if (program.find('/') != std::string::npos) return {program};
  std::vector<std::string> candidates;
  while (true) {
    const auto colon = path.find(':');
    const auto folder = path.substr(0, colon);
    candidates.push_back(fmt::format("{}/{}", folder.empty() ? "." : folder, program));
    if (colon == std::string_view::npos) return candidates;
    path.remove_prefix(colon + 1);
  }
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Why the kernel could not hold this command; the kernel's strings end at the first NUL.
std::optional<OsError> refuse(const Command& command) {
  if (command.argv.empty() || command.argv.front().empty())
    return os_error("cannot start a program without a name", EINVAL);
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  bool bad =
      has_nul(command.directory) || std::any_of(command.argv.begin(), command.argv.end(), has_nul);
  for (const auto& [name, value] : command.environment)
    bad = bad || name.empty() || name.find('=') != std::string::npos || has_nul(name + value);
  if (!bad) return std::nullopt;
  return os_error("an argument or a variable of '" + command.argv.front() +
                      "' holds a NUL octet, or a variable's name is not one",
                  EINVAL);
}

/// ENOENT of a file that is there means what its first line names, or its loader.
bool is_there(const Command& command) {
  const auto& program = command.argv.front();
  if (program.find('/') == std::string::npos) return false;
  const bool relative = program.front() != '/' && !command.directory.empty();
  return ::access((relative ? command.directory + "/" + program : program).c_str(), F_OK) == 0;
}

OsError explain(const Command& command, const ChildFailure& failure) {
  const auto& program = command.argv.front();
  if (failure.stage == Stage::kDirectory)
    return os_error(fmt::format("cannot start '{}' in '{}'", program, command.directory),
                    failure.code);
  if (failure.stage == Stage::kPrepare)
    return os_error(fmt::format("cannot prepare a process for '{}'", program), failure.code);
  auto error = os_error(fmt::format("cannot start '{}'", program), failure.code);
  if (failure.code == ENOENT && is_there(command))
    error.text += " (the file is there: its '#!' interpreter or its loader is not)";
  if (failure.code == ENOEXEC) error.text += " (a script needs '#!' in its first line)";
  return error;
}

/// vfork with all signals blocked across it; the parent's mask is restored. -1 with errno set.
/// Not fork: that copies the page tables of all transcripts, which holds up the loop for longer the
/// more the run has seen. Here the loop stands until execve, which a child does at once.
pid_t fork_child(const ChildPlan& plan) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto pid = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (pid == 0) run_child(plan);
  const int code = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = code;
  return pid;
}

/// Waits for execve, at most as long as the kernel needs to load a program; nullopt: it worked.
std::optional<ChildFailure> read_failure(int status) {
  ChildFailure failure{};
  ssize_t size = -1;
  do {
    size = ::read(status, &failure, sizeof failure);
  } while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(sizeof failure)) return std::nullopt;
  return failure;
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

struct Streams {
  UniqueFd in;
  Pipe out;
  Pipe err;
  Pipe status;
};

std::optional<Streams> make_streams(const Command& command) {
  auto in = input_source(command.input);
  auto out = make_pipe();
  auto err = make_pipe();
  auto status = make_pipe();
  if (!in || !out || !err || !status) return std::nullopt;
  if (!set_non_blocking(out->read.get()) || !set_non_blocking(err->read.get())) return std::nullopt;
  return Streams{std::move(in), std::move(*out), std::move(*err), std::move(*status)};
}

OsResult<Spawning> start(const Command& command, const ChildPlan& plan, Streams streams) {
  const auto pid = fork_child(plan);
  if (pid < 0) return explain(command, {Stage::kPrepare, errno});
  streams.status.write.reset();  // ours: the child's copy alone keeps the pipe open
  // The id cannot be another process's: ours is not reaped yet.
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  if (!pidfd) {
    const int code = errno;
    ::kill(-pid, SIGKILL);
    reap(pid);
    return os_error("cannot watch the process (pidfd_open)", code);
  }
  return Spawning{{pid, std::move(pidfd), std::move(streams.out.read), std::move(streams.err.read)},
                  std::move(streams.status.read)};
}

}  // namespace

OsResult<Spawning> begin_spawn(const Command& command) {
  if (auto error = refuse(command)) return *error;
  auto streams = make_streams(command);
  if (!streams) return explain(command, {Stage::kPrepare, errno});
  auto arguments = command.argv;
  auto environment = environment_of(command);
  ChildPlan plan;
  plan.candidates = candidates_for(command.argv.front(), path_in(environment));
  plan.argv = pointers_to(arguments);
  plan.environment = pointers_to(environment);
  plan.directory = command.directory.empty() ? nullptr : command.directory.c_str();
  plan.in = streams->in.get();
  plan.out = streams->out.write.get();
  plan.err = streams->err.write.get();
  plan.status = streams->status.write.get();
  plan.parent = ::getpid();
  return start(command, plan, std::move(*streams));
}

std::optional<OsError> spawn_failure(const Command& command, int status) {
  const auto failure = read_failure(status);
  if (!failure) return std::nullopt;
  return explain(command, *failure);
}

OsResult<Spawned> spawn(const Command& command) {
  auto begun = begin_spawn(command);
  if (!begun.ok()) return begun.error();
  auto& child = begun.value().child;
  if (auto error = spawn_failure(command, begun.value().status.get())) {
    reap(child.pid);
    return *error;
  }
  return std::move(child);
}

}  // namespace dialtone
