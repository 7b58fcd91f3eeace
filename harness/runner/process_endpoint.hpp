#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/model/control_spec.hpp"
#include "harness/net/endpoint.hpp"
#include "harness/runner/controls.hpp"
#include "harness/runner/listen_watch.hpp"

namespace dialtone {

/// How a server is launched as a program of its own.
struct Launch {
  std::vector<std::string> command;
  SocketAddress address;  ///< where it shall listen
  bool await_ready = true;
  Duration ready_within{};
  int stop_signal{};
  Duration stop_within{};
  ControlSpecs controls;
  std::vector<std::pair<std::string, std::string>> environment{};  ///< besides our own
  std::string directory{};                                         ///< empty: ours
  /// Further addresses of the same name: it may listen there in place of the first.
  std::vector<SocketAddress> others = {};
  bool datagrams = false;                ///< it is ready when it owns a UDP socket there
  std::optional<TlsTransport> tls = {};  ///< how it is spoken to, where its target does not say
};

/// A launched server. It is ready when the kernel shows a listening socket on its address that a
/// process of its group holds: a connection as a probe would be the one client of a one-shot server
/// (ART-11), and another program's socket on the port must not pass for it. Likewise for a Unix
/// socket's path.
class ProcessEndpoint : public Endpoint {
 public:
  ProcessEndpoint(Loop& loop, Launch launch)
      : loop_(loop), launch_(std::move(launch)), controls_(loop, launch_.controls) {}

  Task<std::optional<std::string>> start(Recorder& recorder) override;
  SocketAddress address() const override { return launch_.address; }
  Task<std::optional<std::string>> control(std::string_view name, Duration limit) override;
  Task<Restarted> restart(Recorder& recorder) override;
  const TlsTransport* tls() const override { return launch_.tls ? &*launch_.tls : nullptr; }
  Process* process() override { return process_ ? &*process_ : nullptr; }
  /// Takes back what a scenario told it, where another one follows; why not, where that was
  /// impossible. It listens again then.
  Task<std::optional<std::string>> undo_controls();
  Task<std::optional<std::string>> stop() override;

 private:
  /// Where it shall listen; why the kernel does not show that, where it does not.
  std::variant<ListenWatch, std::string> watch() const;
  /// Launches the command; why that was impossible, where it was.
  Task<std::optional<std::string>> launch(Recorder& recorder);
  Task<std::optional<std::string>> wait_ready(ListenWatch& watch);
  /// Ends the group by SIGKILL; why that was impossible, where it was.
  Task<std::optional<std::string>> kill_group(Recorder& recorder);
  void note_listening(Recorder& recorder) const;
  /// Removes the socket file that a server left: a path where nobody listens any more, which the
  /// next launch could not bind (EADDRINUSE).
  void free_path() const;

  Loop& loop_;
  Launch launch_;
  Controls controls_;
  std::optional<Process> process_;
};

/// A port that was free on all of these addresses of this host a moment ago; another one at each
/// call. Below the kernel's ephemeral range, so that no client's connect can take it before the
/// server does. 0 where there is none.
std::uint16_t free_port(const std::vector<SocketAddress>& hosts);
inline std::uint16_t free_port(const SocketAddress& host) {
  return free_port(std::vector<SocketAddress>{host});
}

}  // namespace dialtone
