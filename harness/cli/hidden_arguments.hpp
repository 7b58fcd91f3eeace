#pragma once

#include <string>
#include <vector>

namespace dialtone {

/// The arguments after the program's name. The values of `--secret NAME=value` are overwritten
/// where they stood, so that the process list (/proc/PID/cmdline) does not show them any more.
std::vector<std::string> take_arguments(int argc, char** argv);

/// `message`, of a command line with a mistake, without what the arguments have after a '=': who
/// mistypes `--secret` has written a secret all the same.
std::string without_values(std::string message, const std::vector<std::string>& arguments);

/// The value of the environment variable; it is taken out of the environment, and overwritten where
/// it stood (/proc/PID/environ). False where there is none.
bool take_variable(const std::string& name, std::string& value);

}  // namespace dialtone
