#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/endpoint.hpp"
#include "harness/net/socket_table.hpp"

namespace dialtone {

/// How a server is launched as a program of its own.
struct Launch {
  std::vector<std::string> command;
  SocketAddress address;  ///< where it shall listen
  bool await_ready = true;
  Duration ready_within{};
  int stop_signal{};
  Duration stop_within{};
  std::map<std::string, int> control_signals;
};

/// A launched server. It is ready when the kernel shows a listening socket on its address that a
/// process of its group holds: a connection as a probe would be the one client of a one-shot server
/// (ART-11), and another program's socket on the port must not pass for it.
class ProcessEndpoint : public Endpoint {
 public:
  ProcessEndpoint(Loop& loop, Launch launch) : loop_(loop), launch_(std::move(launch)) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override;
  SocketAddress address() const override { return launch_.address; }
  Task<std::optional<std::string>> control(std::string_view name) override;
  Task<Restarted> restart(Recorder& recorder) override;
  Process* process() override { return process_ ? &*process_ : nullptr; }
  Task<std::optional<std::string>> stop() override;

 private:
  /// Launches the command; why that was impossible, where it was.
  Task<std::optional<std::string>> launch(Recorder& recorder);
  Task<std::optional<std::string>> wait_ready(SocketTable& table);
  /// Ends the group by SIGKILL; why that was impossible, where it was.
  Task<std::optional<std::string>> kill_group(Recorder& recorder);
  void note_listening(Recorder& recorder) const;
  std::optional<std::string> port_taken(SocketTable& table) const;
  bool listens(SocketTable& table) const;
  std::string not_listening(SocketTable& table);

  Loop& loop_;
  Launch launch_;
  std::optional<Process> process_;
};

/// A port that was free a moment ago, on this host; another one at each call. Below the kernel's
/// ephemeral range, so that no client's connect can take it before the server does. 0 where there
/// is none.
std::uint16_t free_port(const SocketAddress& host);

}  // namespace dialtone
