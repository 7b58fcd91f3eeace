#pragma once

#include <memory>
#include <string>
#include <variant>

#include "harness/model/profile.hpp"
#include "harness/net/endpoint.hpp"
#include "harness/net/resolve.hpp"

namespace dialtone {

/// A server that somebody else runs: only an address. Resolves names (getaddrinfo); where one has
/// several addresses, which of them is used stands in each transcript. At a Unix socket there is no
/// capability `socket_table`. The error is a text.
std::variant<std::unique_ptr<Target>, std::string> make_external_target(const Profile& profile,
                                                                        bool has_socket_table);

/// The address to be used, and what is to be said of it in the transcript.
struct ChosenAddress {
  SocketAddress address;
  std::string note;
};

/// Of a name's addresses the first; where they are this host's own, the first at which somebody
/// listens now: a server on 127.0.0.1 only is called "localhost" all the same.
ChosenAddress choose_address(const ResolvedAddress& resolved);

/// Fills `${host}`, `${port}` and `${address}` of a profile's command line. Of a Unix socket
/// `${host}` is the path and `${port}` is 0.
std::vector<std::string> command_line(const std::vector<Template>& words,
                                      const SocketAddress& address);

/// Such a program, made to call `to`.
Command command_of(const ProgramSpec& program, const SocketAddress& to);

/// The profile's program of this name, made to call `to`; nullopt where there is none.
std::optional<Command> program_of(const Profile& profile, std::string_view name,
                                  const SocketAddress& to);

}  // namespace dialtone
