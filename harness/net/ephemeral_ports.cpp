#include "harness/net/ephemeral_ports.hpp"

#include <fstream>

namespace dialtone {

bool is_ephemeral(std::uint16_t port) {
  std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
  int first = 32768;
  int last = 60999;
  in >> first >> last;
  return port >= first && port <= last;
}

}  // namespace dialtone
