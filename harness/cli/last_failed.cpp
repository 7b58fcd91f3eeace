#include "harness/cli/last_failed.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <variant>

#include "harness/model/read_file.hpp"
#include "harness/model/scenario.hpp"
#include "harness/net/unique_fd.hpp"
#include "reports/report_file.hpp"

namespace dialtone {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// Empty where the environment tells of none.
fs::path state_home() {
  fs::path given = variable("XDG_STATE_HOME");
  if (given.is_absolute()) return given;  // a relative one is to be ignored, says the specification
  const fs::path home = variable("HOME");
  return home.is_absolute() ? home / ".local" / "state" : fs::path();
}

/// A file's name for a directory of any length.
std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), octets.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  std::string name;
  for (unsigned i = 0; i < length / 2; ++i) name += fmt::format("{:02x}", octets[i]);
  return name;
}

std::set<std::string> names_in(const std::string& file) {
  const auto text = read_file(file);
  if (!std::holds_alternative<std::string>(text)) return {};
  const auto json = nlohmann::json::parse(std::get<std::string>(text), nullptr, false);
  std::set<std::string> names;
  if (!json.is_object() || !json.contains("failed") || !json.at("failed").is_array()) return names;
  for (const auto& name : json.at("failed")) {
    if (name.is_string()) names.insert(name.get<std::string>());
  }
  return names;
}

std::string name_of(const Suite& suite, const Scenario& scenario) {
  return suite.name + "/" + scenario.id;
}

/// Held by one process at a time. Where it cannot be had within a second, nothing is held, and all
/// goes on: to lose a name of this list is better than to wait for somebody for ever.
class Lock {
 public:
  explicit Lock(const fs::path& path) {
    std::error_code none;
    fs::create_directories(path.parent_path(), none);
    file_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    for (int tries = 0; file_ && tries < 100; ++tries) {
      if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

 private:
  UniqueFd file_;
};

bool has_failed(const ScenarioResult& result, bool strict) {
  return result.verdict == Verdict::kFail || result.verdict == Verdict::kError ||
         (strict && result.verdict == Verdict::kWarn);
}

}  // namespace

LastFailed LastFailed::here() {
  LastFailed last;
  std::error_code gone;
  last.directory_ = fs::current_path(gone).string();
  const auto home = state_home();
  if (gone || home.empty()) return last;
  last.file_ = home / "dialtone" / "failed" / (digest(last.directory_) + ".json");
  last.names_ = names_in(last.file_);
  return last;
}

void LastFailed::select(std::vector<PlannedScenario>& plan) const {
  std::erase_if(plan, [&](const PlannedScenario& planned) {
    return !names_.contains(name_of(*planned.suite, *planned.scenario));
  });
}

std::set<std::string> LastFailed::after(const RunResult& run) const {
  auto names = names_;
  for (const auto& result : run.results) names.erase(name_of(*result.suite, *result.scenario));
  for (const auto& result : run.results) {
    if (has_failed(result, run.strict)) names.insert(name_of(*result.suite, *result.scenario));
  }
  return names;
}

std::optional<std::string> LastFailed::update(const RunResult& run) {
  if (file_.empty() || after(run) == names_) return std::nullopt;
  const Lock lock(file_ + ".lock");
  names_ = names_in(file_);  // as another run of this directory may have left it meanwhile
  names_ = after(run);
  return replace_file(file_, [&](std::ostream& out) {
    const nlohmann::ordered_json json{{"directory", directory_}, {"failed", names_}};
    // A directory's name need not be UTF-8.
    out << json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
  });
}

}  // namespace dialtone
