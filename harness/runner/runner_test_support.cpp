#include "harness/runner/runner_test_support.hpp"

#include "harness/net/listener.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "harness/model/load_suite.hpp"
#include "harness/runner/process_target.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/registry.hpp"

namespace dialtone {
namespace {

class ActStep : public Step {
 public:
  explicit ActStep(Act act) : act_(std::move(act)) {}
  Task<StepOutcome> run(Session& session) const override { return act_(session); }

 private:
  Act act_;
};

/// Called with a port and one of the modes below. It answers with its process id, and closes.
constexpr std::string_view kServer = R"(import os, signal, socket, sys, time
port, mode = int(sys.argv[1]), sys.argv[2]

def listener(port, reuse=True):
    s = socket.socket()
    if reuse:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', port))
    s.listen(64)
    return s

def serve_one(s):
    c, _ = s.accept()
    if c.recv(1024):
        if mode == 'die':
            print('giving up', file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == 'flood':
            os.write(1, b'x' * 100000)
        if mode == 'surroundings':
            c.sendall(('%s in %s, ' % (os.environ.get('GREETING'), os.getcwd())).encode())
        c.sendall(b'pid %d.' % os.getpid())
    c.close()
    if mode == 'fall':
        os.kill(os.getpid(), signal.SIGSEGV)

if mode == 'exit':
    print('no configuration', file=sys.stderr)
    sys.exit(7)
if mode == 'silent':
    signal.pause()
if mode == 'elsewhere':
    s = listener(0)
    signal.pause()
if mode == 'stubborn':
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if mode == 'flood':
    for _ in range(100):
        os.write(1, b'y' * 100000)
if mode == 'late':
    time.sleep(0.3)
if mode == 'once':  # as the article's server does: one client, no SO_REUSEADDR, and it closes first
    s = listener(port, reuse=False)
    serve_one(s)
    sys.exit(0)
if mode == 'trip':
    serve_one(listener(port))
    raise ValueError('nobody handles this')
if mode == 'heir':  # a child in a session of its own, there before it listens, inherits the listener
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', port))
    there, says = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.write(says, b'x')
        time.sleep(20)
        os._exit(0)
    os.read(there, 1)
    s.listen(64)
else:
    s = listener(port, reuse=mode != 'rigid')
if mode == 'stay':  # its clients stay connected; what they send is not read
    clients = []
    while True:
        clients.append(s.accept())
if mode in ('deaf', 'tardy'):
    def listen_again(*_):
        global s
        if s.fileno() < 0:
            s = listener(port)
    def close_later(*_):
        signal.setitimer(signal.ITIMER_REAL, 0.3)
    signal.signal(signal.SIGALRM, lambda *_: s.close())
    signal.signal(signal.SIGUSR1, close_later if mode == 'tardy' else lambda *_: s.close())
    signal.signal(signal.SIGUSR2, listen_again)
    while True:
        signal.pause()
while True:
    serve_one(s)
)";

}  // namespace

std::shared_ptr<const Suite> acted_suite(std::vector<ActedScenario> scenarios) {
  auto suite = std::make_shared<Suite>();
  suite->name = "acted";
  for (auto& acted : scenarios) {
    Scenario scenario;
    scenario.id = fmt::format("S{}", suite->scenarios.size());
    scenario.level = acted.level;
    scenario.timeout = std::chrono::seconds(20);
    scenario.steps.push_back({step_registry().front(),
                              std::make_shared<ActStep>(std::move(acted.act)),
                              "",
                              {"acted.json", 7, 1}});
    suite->scenarios.push_back(std::move(scenario));
  }
  return suite;
}

Act passing() {
  return [](Session&) -> Task<StepOutcome> { co_return Passed{}; };
}

Act failing() {
  return [](Session&) -> Task<StepOutcome> { co_return failed("Wrong", "it is wrong"); };
}

Act failing_at_first(int times) {
  return [left = std::make_shared<int>(times)](Session&) -> Task<StepOutcome> {
    if ((*left)-- > 0) co_return failed("Wrong", "it is wrong");
    co_return Passed{};
  };
}

Act stalled_at_first(int times) {
  return [left = std::make_shared<int>(times)](Session&) -> Task<StepOutcome> {
    if ((*left)-- > 0) co_return impossible(std::string(kHarnessStalled), "late");
    co_return Passed{};
  };
}

std::vector<PlannedScenario> plan_of(const std::shared_ptr<const Suite>& suite, int repeat) {
  std::set<std::string> provided;
  for (const auto& scenario : suite->scenarios)
    provided.insert(scenario.needs.begin(), scenario.needs.end());
  Selection selection;
  selection.repeat = repeat;
  return plan({suite}, provided, selection);
}

std::shared_ptr<const Suite> suite_of_scenarios(const std::vector<std::string>& steps,
                                                std::string_view extra) {
  std::string scenarios;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    scenarios += fmt::format(R"({}{{"id": "S{}", {} "steps": [{}]}})", i == 0 ? "" : ",", i, extra,
                             steps[i]);
  }
  Diagnostics diagnostics;
  auto suite = load_suite(
      "test.json",
      fmt::format(R"({{"suite": "test", "timeout": "20s", "scenarios": [{}]}})", scenarios),
      {step_registry(), {}}, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(render(diagnostics.front()));
  return suite;
}

std::vector<std::string> outcomes_of(const std::vector<ScenarioResult>& results) {
  std::vector<std::string> outcomes;
  outcomes.reserve(results.size());
  for (const auto& result : results)
    outcomes.push_back(result.scenario->id + " " + outcome_of(result));
  return outcomes;
}

ServerProgram::ServerProgram() {
  std::string name = std::filesystem::temp_directory_path() / "runner_test.XXXXXX";
  folder_ = ::mkdtemp(name.data());
  file("server.py", kServer);
}

ServerProgram::~ServerProgram() { std::filesystem::remove_all(folder_); }

std::string ServerProgram::file(const std::string& name, std::string_view text) const {
  const auto path = folder_ / name;
  std::ofstream(path) << text;
  return path;
}

Profile ServerProgram::profile(std::string_view mode, std::string_view start_extra,
                               std::string_view extra) const {
  const auto words = fmt::format(R"("/usr/bin/python3", "{}", "${{port}}", "{}")",
                                 (folder_ / "server.py").string(), mode);
  return profile_of_command(words, start_extra, extra);
}

Profile ServerProgram::profile_of_command(std::string_view words, std::string_view start_extra,
                                          std::string_view extra) const {
  const std::string address = extra.find("\"address\"") == std::string_view::npos
                                  ? R"("address": "127.0.0.1:${port}",)"
                                  : "";
  const auto text =
      fmt::format(R"({{"name": "test server", {} {} "start": {{ {} "command": [{}]}}}})", address,
                  extra, start_extra, words);
  Diagnostics diagnostics;
  auto profile = load_profile("profile.json", text, {}, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(render(diagnostics.front()));
  return profile;
}

Finished run_process(const Profile& profile, const std::shared_ptr<const Suite>& suite, int repeat,
                     const OnResult& on_result) {
  auto target = make_process_target(profile, 1.0, true);
  if (const auto* problem = std::get_if<std::string>(&target)) throw std::runtime_error(*problem);
  RunOptions options;
  options.keep_transcripts = true;
  return run_all(plan_of(suite, repeat), *std::get<0>(target), options, on_result);
}

std::set<std::string> with_ipv6_host(std::set<std::string> names) {
  if (has_ipv6_loopback()) names.insert("ipv6_host");
  return names;
}

bool has_no_child() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace dialtone
