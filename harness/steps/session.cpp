#include "harness/steps/session.hpp"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

#include "harness/model/printable.hpp"
#include "harness/steps/outcome.hpp"

namespace dialtone {
namespace {

constexpr Duration kFirstPoll = std::chrono::microseconds(200);
constexpr Duration kSlowestPoll = std::chrono::milliseconds(5);
constexpr auto kProgramGrace = std::chrono::milliseconds(500);

void describe_address(Variables& variables, const std::string& name, const SocketAddress& local) {
  variables[name + ".address"] = local.to_string();
  variables[name + ".host"] = local.host();
  if (!local.is_unix()) variables[name + ".port"] = std::to_string(local.port());
}

}  // namespace

Session::Session(const Surroundings& surroundings, const Scenario& scenario, Endpoint& endpoint,
                 std::string loopback)
    : surroundings_(surroundings),
      scenario_(scenario),
      endpoint_(endpoint),
      loopback_(std::move(loopback)) {}

Duration Session::budget(const std::optional<Duration>& within) const {
  const auto scaled =
      static_cast<double>(within.value_or(scenario_.timeout).count()) * surroundings_.time_scale;
  return Duration(static_cast<Duration::rep>(scaled));
}

Connection& Session::add(std::unique_ptr<Connection> connection) {
  datagrams_.erase(connection->name());  // of a closed one, whose name it takes
  auto& place = connections_[connection->name()];
  const bool left = place && !place->received().empty() && !place->ignores_rest();
  if (left && !replaced_leftover_) replaced_leftover_ = unexpected_leftover(*place);
  place = std::move(connection);
  late_readers_.erase(place->name());
  const bool slow = varied_ != nullptr && varied_->variant.kind == Variant::Kind::kSlowReader;
  if (slow) place->read_slowly();
  return *place;
}

DatagramSocket& Session::add(std::unique_ptr<DatagramSocket> socket) {
  connections_.erase(socket->name());  // of an ended one, whose name it takes
  auto& place = datagrams_[socket->name()];
  place = std::move(socket);
  return *place;
}

Listener& Session::add_listener(const std::string& name, UniqueFd fd) {
  auto& place = listeners_[name];
  place = std::make_unique<Listener>(loop(), std::move(fd));
  listener_tls_.erase(name);
  return *place;
}

Process* Session::program(const std::string& name) {
  if (name == "target") return endpoint_.process();
  const auto found = programs_.find(name);
  return found == programs_.end() ? nullptr : &found->second;
}

std::string Session::loopback() const {
  // IPv6 has one loopback address only (RFC 4291 section 2.5.3).
  return endpoint_.address().is_ipv6() ? "[::1]" : loopback_;
}

Variables Session::known() const {
  Variables all = variables_;
  all["loopback"] = loopback();
  describe_address(all, "target", endpoint_.address());
  for (const auto& [name, connection] : connections_) {
    describe_address(all, name, connection->local());
    all[name + ".peer"] = connection->peer().to_string();
  }
  for (const auto& [name, socket] : datagrams_) {
    describe_address(all, name, socket->local());
    all[name + ".peer"] = socket->peer().to_string();
  }
  for (const auto& [name, listener] : listeners_) describe_address(all, name, listener->local());
  return all;
}

std::variant<std::string, Impossible> Session::text(const Template& text) const {
  auto constant = text.constant();
  if (constant) return std::move(*constant);
  auto resolved = text.resolve(known());
  if (auto* value = std::get_if<std::string>(&resolved)) return std::move(*value);
  return impossible("NoValue", fmt::format("variable '{}' has no value",
                                           std::get<Template::Unknown>(resolved).name));
}

std::variant<Bytes, Impossible> Session::octets(const Payload& payload,
                                                const Variables& besides) const {
  if (const auto* constant = payload.constant()) return *constant;
  auto variables = known();
  for (const auto& [name, value] : besides) variables[name] = value;
  auto octets = payload.bytes(variables);
  if (auto* value = std::get_if<Bytes>(&octets)) return std::move(*value);
  return impossible("NoValue", std::get<Payload::Unavailable>(octets).reason);
}

std::variant<SocketAddress, Impossible> Session::address(const Template& text) const {
  const auto resolved = this->text(text);
  if (const auto* problem = std::get_if<Impossible>(&resolved)) return *problem;
  const auto& written = std::get<std::string>(resolved);
  const auto address = SocketAddress::parse(written);
  if (address) return *address;
  return impossible("BadAddress",
                    fmt::format("'{}' is no address; {}", printable(written), kAddressHint));
}

Task<bool> Session::poll(Deadline deadline, std::function<bool()> settled) {
  auto pause = kFirstPoll;
  while (true) {
    if (settled()) co_return true;
    const auto now = Clock::now();
    if (now >= deadline.at()) co_return false;
    co_await loop().sleep_until(std::min(deadline.at(), now + pause));
    pause = std::min(pause * 2, kSlowestPoll);
  }
}

OsResult<std::optional<SocketRow>> Session::peer_row(const Connection& connection) {
  return socket_table().find(connection.peer(), connection.local());
}

int Session::unacknowledged(const Connection& connection) {
  int octets = 0;
  return ::ioctl(connection.fd(), SIOCOUTQ, &octets) == 0 ? octets : 0;
}

std::optional<Segmentation> Session::segmentation_of(const Step* step,
                                                     const std::string& connection,
                                                     std::size_t octets) {
  if (varied_ == nullptr) return std::nullopt;
  const auto current = static_cast<std::size_t>(recorder_.step());
  std::string label;
  if (current < scenario_.steps.size()) label = scenario_.steps[current].label;
  if (label.empty()) label = std::to_string(current + 1);
  varied_->sends.push_back({step, connection, octets, std::move(label)});
  if (varied_->variant.kind == Variant::Kind::kWhole) return std::nullopt;
  return dialtone::segmentation_of(varied_->variant, step, connection, octets);
}

Failed Session::unexpected_leftover(Connection& connection) const {
  return leftover_of(connection.name(), connection.received());
}

Failed Session::leftover_of(const std::string& name, ByteView octets) const {
  auto result = unexpected_octets(octets, fmt::format("nothing more on '{}' at the end", name),
                                  scenario_.encoding);
  result.problem.type = "Leftover";
  return result;
}

std::optional<Failed> Session::leftover() {
  if (replaced_leftover_) return replaced_leftover_;
  for (auto& [name, connection] : connections_) {
    if (connection->is_open()) connection->drain();
    if (!connection->received().empty() && !connection->ignores_rest())
      return unexpected_leftover(*connection);
  }
  return leftover_datagram();
}

std::optional<Failed> Session::leftover_datagram() {
  for (auto& [name, socket] : datagrams_) {
    while (socket->is_open()) {
      const auto seen = socket->arrived();
      if (!seen) break;
      const auto* datagram = std::get_if<Datagram>(&*seen);
      if (datagram != nullptr && !socket->is_late(*datagram))
        return leftover_of(name, datagram->octets);
    }
  }
  return std::nullopt;
}

Task<std::vector<ProgramOutput>> Session::end() {
  for (auto& [name, connection] : connections_) connection->abandon();
  for (auto& [name, socket] : datagrams_) socket->close();
  for (auto& [name, listener] : listeners_) listener->close();
  std::vector<ProgramOutput> outputs;
  for (auto& [name, process] : programs_) {
    const auto status = process.exit_status();
    co_await process.stop(SIGTERM, kProgramGrace);
    const auto output = process.output();
    outputs.push_back({name, output.out, output.err, status ? to_string(*status) : std::string()});
  }
  co_return outputs;
}

}  // namespace dialtone
