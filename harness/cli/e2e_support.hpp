#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/cli/program.hpp"
#include "harness/net/unique_fd.hpp"

namespace dialtone {

inline const std::string kArticle = DIALTONE_SOURCE_DIR "/scenarios/article";

using Words = std::vector<std::string>;
using Environment = std::vector<std::pair<std::string, std::string>>;

/// The command `dialtone` with these arguments, of this build.
Command dialtone_command(const Words& arguments);

/// Runs it to its end; without colours and progress, whatever the surroundings are.
ProgramResult run_dialtone(const Words& arguments, Bytes input = {}, Environment environment = {});

/// A directory that goes, with all that is in it, when this goes.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path(std::string_view name = {}) const;
  /// Writes a file, with the directories that its name holds; gives its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

std::string read_text(const std::string& path);

/// One scenario as the console told it.
struct Told {
  std::string verdict;  ///< "pass", "FAIL", "warn", "ERROR" or "skip"
  std::string details;  ///< the lines below it

  bool operator==(const Told&) const = default;
};

/// Id -> what became of it, of a console without colours.
std::map<std::string, Told> told_by(const Bytes& out);

/// The ids with this verdict.
std::set<std::string> ids_with(std::string_view verdict, const Bytes& out);

/// Id of each skipped scenario -> the capability that it misses.
std::map<std::string, std::string> missing_by_id(const Bytes& out);

/// What xmllint has against the file; empty where it is well-formed. nullopt: there is no xmllint.
std::optional<std::string> xml_mistakes(const std::string& file);

int occurrences(std::string_view of, std::string_view in);

/// Path of the system's Python 3; empty where there is none.
std::string python();

/// A TCP port below the range from which the kernel takes ports for clients, that nobody holds now,
/// not even in TIME_WAIT. Different for each process, as far as can be.
std::uint16_t fixed_port();

/// A port of 127.0.0.1 that nobody else can take: refused for as long as it is held, unless it
/// listens.
class HeldPort {
 public:
  explicit HeldPort(bool listens = false);
  std::uint16_t port() const { return port_; }

 private:
  UniqueFd fd_;
  std::uint16_t port_;
};

/// A suite of a file of its own. `scenarios`: their JSON objects, with commas between them.
std::string suite_json(std::string_view name, std::string_view scenarios);

}  // namespace dialtone
