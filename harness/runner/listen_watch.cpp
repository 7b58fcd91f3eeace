#include "harness/runner/listen_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/net/process_sockets.hpp"
#include "harness/net/socket_owner.hpp"
#include "harness/net/udp_table.hpp"
#include "harness/net/unix_table.hpp"

namespace dialtone {

std::variant<ListenWatch, std::string> ListenWatch::open(std::vector<SocketAddress> at) {
  if (at.front().is_unix()) return ListenWatch(std::move(at), std::nullopt);
  auto table = SocketTable::open();
  if (!table.ok()) return table.error().text;
  return ListenWatch(std::move(at), std::move(table.value()));
}

ListenWatch ListenWatch::open_datagrams(std::vector<SocketAddress> at) {
  ListenWatch watch(std::move(at), std::nullopt);
  watch.datagrams_ = true;
  return watch;
}

std::optional<std::string> ListenWatch::datagrams_taken() const {
  for (const auto& address : at_) {
    for (const auto& socket : udp_sockets(address.port())) {
      if (!is_at(socket, address)) continue;
      return fmt::format("{} is taken: {} has a UDP socket at {}", address.to_string(),
                         holder(socket.inode, {}), socket.local.to_string());
    }
  }
  return std::nullopt;
}

std::optional<SocketAddress> ListenWatch::datagrams_found(pid_t group) const {
  for (const auto& address : at_) {
    for (const auto& socket : udp_sockets(address.port())) {
      if (is_at(socket, address) && group_holds(group, socket.inode)) return address;
    }
  }
  return std::nullopt;
}

std::optional<std::string> ListenWatch::taken() {
  if (datagrams_) return datagrams_taken();
  if (!table_) return path_taken();
  for (const auto& address : at_) {
    const auto rows = table_->listeners(address.port());
    if (!rows.ok()) return rows.error().text;
    const auto row = std::ranges::find_if(
        rows.value(), [&](const SocketRow& listener) { return takes(listener, address); });
    if (row == rows.value().end()) continue;
    return fmt::format("{} is taken: {} listens on {}", address.to_string(),
                       holder(row->inode, fmt::format("user id {}", row->uid)),
                       row->local.to_string());
  }
  return std::nullopt;
}

std::optional<std::string> ListenWatch::path_taken() const {
  const auto listeners = unix_listeners();
  if (!listeners.ok()) return listeners.error().text;
  const auto here = [&](const UnixListener& listener) { return is_at(listener, at_.front()); };
  const auto found = std::ranges::find_if(listeners.value(), here);
  if (found == listeners.value().end()) return std::nullopt;
  return fmt::format("{} is taken: {} listens there", at_.front().to_string(),
                     holder(found->inode, {}));
}

std::optional<SocketAddress> ListenWatch::found(pid_t group) {
  if (datagrams_) return datagrams_found(group);
  if (!table_) return path_found(group);
  for (const auto& address : at_) {
    const auto here = [&](const SocketRow& row) { return takes(row, address); };
    // Whose socket it is takes a walk over all of /proc: only where there is one.
    const auto any = table_->listeners(address.port());
    if (!any.ok() || std::ranges::none_of(any.value(), here)) continue;
    const auto own = listeners_of(*table_, group, address.port());
    if (own.ok() && std::ranges::any_of(own.value(), here)) return address;
  }
  return std::nullopt;
}

std::optional<SocketAddress> ListenWatch::path_found(pid_t group) const {
  const auto own = unix_listeners_of(group);
  const auto here = [&](const UnixListener& listener) { return is_at(listener, at_.front()); };
  if (!own.ok() || std::ranges::none_of(own.value(), here)) return std::nullopt;
  return at_.front();
}

std::string ListenWatch::elsewhere(pid_t group) {
  if (datagrams_) return "it has no UDP socket there";
  std::vector<std::string> places;
  if (table_) {
    const auto rows = listeners_of(*table_, group, 0);
    if (rows.ok()) {
      for (const auto& row : rows.value()) places.push_back(row.local.to_string());
    }
  }
  const auto paths = unix_listeners_of(group);
  if (paths.ok()) {
    for (const auto& listener : paths.value()) places.push_back("unix:" + listener.name);
  }
  return places.empty() ? std::string("it listens nowhere")
                        : fmt::format("it listens on {}", fmt::join(places, ", "));
}

}  // namespace dialtone
