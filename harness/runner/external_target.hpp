#pragma once

#include <memory>
#include <string>
#include <variant>

#include "harness/model/profile.hpp"
#include "harness/net/endpoint.hpp"

namespace dialtone {

/// A server that somebody else runs: only an address. Resolves names (getaddrinfo); the error is a
/// text.
std::variant<std::unique_ptr<Target>, std::string> make_external_target(const Profile& profile,
                                                                        bool has_socket_table);

/// Fills `${host}` and `${port}` of a profile's command line.
std::vector<std::string> command_line(const std::vector<Template>& words,
                                      const SocketAddress& address);

/// The profile's program of this name, made to call `to`; nullopt where there is none.
std::optional<Command> program_of(const Profile& profile, std::string_view name,
                                  const SocketAddress& to);

}  // namespace dialtone
