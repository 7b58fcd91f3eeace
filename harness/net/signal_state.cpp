#include "harness/net/signal_state.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iterator>

#include "harness/model/printable.hpp"
#include "harness/model/signal_name.hpp"
#include "harness/net/proc_text.hpp"

namespace dialtone {
namespace {

/// "S (sleeping)" of "State:\tS (sleeping)"; empty where there is no such line.
std::string_view field(std::string_view status, std::string_view name) {
  const auto key = std::string(name) + ":\t";
  auto at = status.starts_with(key) ? 0 : status.find("\n" + key);
  if (at == std::string_view::npos) return {};
  at = status.find(key, at) + key.size();
  return status.substr(at, status.find('\n', at) - at);
}

bool has_signal(std::string_view status, std::string_view mask, int signal) {
  const auto bits = parse_number<std::uint64_t>(field(status, mask), 16);
  return bits && ((*bits >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
}

std::string disposition(std::string_view status, int signal) {
  const auto name = signal_name(signal);
  if (has_signal(status, "SigIgn", signal)) return "it ignores " + name;
  if (has_signal(status, "SigBlk", signal)) return "it blocks " + name;
  if (has_signal(status, "SigCgt", signal)) return "it has a handler for " + name;
  return "it does nothing about " + name;
}

std::string activity(std::string_view state, std::string_view wchan) {
  switch (state.empty() ? '?' : state.front()) {
    case 'R': return "runs";
    case 'T':
    case 't': return "is stopped";
    case 'S':
    case 'D': {
      const bool told = !wchan.empty() && wchan != "0";
      return told ? "sleeps in " + printable(wchan) : std::string("sleeps");
    }
    default: return "is in state " + printable(state);
  }
}

/// Files of /proc have no size; empty where it cannot be read.
std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string describe_signal_state(std::string_view status, std::string_view wchan, int signal) {
  const auto state = field(status, "State");
  if (state.empty()) return {};
  auto text = disposition(status, signal);
  if (has_signal(status, "SigPnd", signal) || has_signal(status, "ShdPnd", signal))
    text += ", which waits";
  return text + ", " + activity(state, wchan);
}

std::string signal_state_of(pid_t pid, int signal) {
  const auto directory = fmt::format("/proc/{}/", pid);
  return describe_signal_state(text_of(directory + "status"), text_of(directory + "wchan"), signal);
}

}  // namespace dialtone
