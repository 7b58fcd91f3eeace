#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/diagnostic.hpp"
#include "harness/model/profile.hpp"
#include "harness/model/result.hpp"
#include "harness/model/secrets.hpp"
#include "harness/model/variables.hpp"

namespace dialtone {

struct Suite;

/// Of `--secret NAME` and `--secret NAME=value`, repeatable; what is wrong with them is reported.
/// Each becomes one of `variables`. nullptr where there is none.
std::shared_ptr<const Secrets> read_secrets(const std::vector<std::string>& written,
                                            Variables& variables, Diagnostics& diagnostics);

/// Reports each command line of the profile that a secret would stand on, for everybody to read.
void check_command_lines(const Profile& profile, const Secrets& secrets, Diagnostics& diagnostics);

/// In what is known of a run before it begins.
void mask_head(RunResult& run, const Secrets& secrets);

/// In the reasons why scenarios may fail, by the scenarios' ids.
void mask_reasons(std::map<std::string, KnownFailure>& known, const Secrets& secrets);

/// In the texts of the suites, as reports show them; what their steps do stays.
void mask_suites(std::vector<std::shared_ptr<const Suite>>& suites, const Secrets& secrets);

}  // namespace dialtone
