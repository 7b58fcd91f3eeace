#include "harness/cli/e2e_readers_support.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace dialtone {

std::string npm(const std::string& program) { return kPackages + "/.bin/" + program; }

std::optional<ProgramResult> read_with(const Words& argv, Bytes input) {
  Command command;
  command.argv = argv;
  command.input = std::move(input);
  command.environment = {{"NODE_PATH", kPackages}};
  if (argv[0].find('/') != std::string::npos && !std::filesystem::exists(argv[0]))
    return std::nullopt;
  try {
    return run_program(command);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace dialtone
