#pragma once

#include <memory>
#include <string>
#include <variant>

#include "harness/model/profile.hpp"
#include "harness/net/endpoint.hpp"

namespace dialtone {

/// A server that the profile tells how to launch: one for each scenario, or one that all share. The
/// error is a text.
std::variant<std::unique_ptr<Target>, std::string> make_process_target(const Profile& profile,
                                                                       double time_scale,
                                                                       bool has_socket_table);

}  // namespace dialtone
