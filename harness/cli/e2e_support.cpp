#include "harness/cli/e2e_support.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "harness/net/socket_address.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

constexpr std::string_view kVerdicts[] = {"pass",  "flaky", "FAIL", "warn",
                                          "ERROR", "skip",  "known"};

bool is_verdict(const std::string& word) {
  return std::find(std::begin(kVerdicts), std::end(kVerdicts), word) != std::end(kVerdicts);
}

bool is_free(std::uint16_t port) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto any = SocketAddress::any_ipv4(port);
  return ::bind(fd.get(), any.data(), any.size()) == 0;
}

}  // namespace

Command dialtone_command(const Words& arguments) {
  Command command;
  command.argv = {DIALTONE_BINARY};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.input = Bytes();
  // Where nobody can make a directory: a test leaves nothing in the home of who runs it.
  command.environment = {{"XDG_STATE_HOME", "/proc/none"}};
  return command;
}

ProgramResult run_dialtone(const Words& arguments, Bytes input, Environment environment) {
  auto command = dialtone_command(arguments);
  command.input = std::move(input);
  // Of two values of a name the first counts.
  for (auto& variable : command.environment) environment.push_back(std::move(variable));
  command.environment = std::move(environment);
  return run_program(command);
}

TemporaryDirectory::TemporaryDirectory() {
  auto name = (std::filesystem::temp_directory_path() / "dialtone-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::path(std::string_view name) const {
  return name.empty() ? path_.string() : (path_ / name).string();
}

std::string TemporaryDirectory::write(std::string_view name, std::string_view content) const {
  const auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
  return file.string();
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::map<std::string, Told> told_by(const Bytes& out) {
  std::map<std::string, Told> told;
  Told* last = nullptr;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verdict;
    std::string id;
    words >> verdict >> id;
    if (line.starts_with("       ")) {
      if (last != nullptr) last->details += line + "\n";
    } else if (is_verdict(verdict)) {
      last = &(told[id] = {verdict, {}});
    }
  }
  return told;
}

std::set<std::string> ids_with(std::string_view verdict, const Bytes& out) {
  std::set<std::string> ids;
  for (const auto& [id, told] : told_by(out)) {
    if (told.verdict == verdict) ids.insert(id);
  }
  return ids;
}

std::map<std::string, std::string> missing_by_id(const Bytes& out) {
  static constexpr std::string_view before_all = "the target does not provide '";
  std::map<std::string, std::string> missing;
  for (const auto& [id, told] : told_by(out)) {
    if (told.verdict != "skip") continue;
    const auto from = told.details.find(before_all);
    const auto name =
        from == std::string::npos ? told.details : told.details.substr(from + before_all.size());
    missing[id] = name.substr(0, name.find('\''));
  }
  return missing;
}

std::optional<std::string> xml_mistakes(const std::string& file) {
  if (!std::filesystem::exists("/usr/bin/xmllint")) return std::nullopt;
  Command command;
  command.argv = {"/usr/bin/xmllint", "--noout", file};
  const auto result = run_program(command);
  return result.exit_code == 0 ? std::string() : result.how + ": " + result.err;
}

int occurrences(std::string_view of, std::string_view in) {
  int count = 0;
  for (auto at = in.find(of); at != std::string_view::npos; at = in.find(of, at + of.size()))
    ++count;
  return count;
}

std::string python() {
  const std::string path = "/usr/bin/python3";
  return ::access(path.c_str(), X_OK) == 0 ? path : std::string();
}

std::uint16_t fixed_port() {
  constexpr int lowest = 21000;  // above 7788 and 20788, which scenarios name
  constexpr int how_many = 11000;
  for (int i = 0; i < how_many; ++i) {
    const auto port = static_cast<std::uint16_t>(lowest + (::getpid() * 7 + i) % how_many);
    if (is_free(port)) return port;
  }
  throw std::runtime_error("no port is free");
}

HeldPort::HeldPort(bool listens) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto any = SocketAddress::parse("127.0.0.1:0").value();
  const bool good =
      ::bind(fd_.get(), any.data(), any.size()) == 0 && (!listens || ::listen(fd_.get(), 1) == 0);
  if (!good) throw std::runtime_error("cannot hold a port");
  port_ = SocketAddress::local_of(fd_.get()).value().port();
}

std::string suite_json(std::string_view name, std::string_view scenarios) {
  return fmt::format(R"({{"suite": "{}", "encoding": "gbk", "timeout": "10s", "scenarios": [{}]}})",
                     name, scenarios);
}

}  // namespace dialtone
