#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "harness/model/errno_name.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

/// What one call gets.
struct Arguments {
  int fd;
  Bytes data;
  int size;
  int value;
  SocketAddress to;
};

/// What it returned: at least 0, or -1 with errno.
struct Returned {
  long value;
  int error;
};

Returned returned(long value) { return {value, value < 0 ? errno : 0}; }

Returned option(const Arguments& arguments, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(arguments.fd, SOL_SOCKET, name, &value, &size) != 0) return returned(-1);
  return {value, 0};
}

Returned set_option(const Arguments& arguments, int name) {
  return returned(
      ::setsockopt(arguments.fd, SOL_SOCKET, name, &arguments.value, sizeof arguments.value));
}

/// Datagrams that the kernel threw away since the socket was opened (SO_MEMINFO).
Returned call_drops(const Arguments& arguments) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
  socklen_t size = sizeof info;
  if (::getsockopt(arguments.fd, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0)
    return returned(-1);
  return {static_cast<long>(info[SK_MEMINFO_DROPS]), 0};
}

Returned call_accept(const Arguments& arguments) {
  UniqueFd fd(::accept4(arguments.fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  return fd ? Returned{0, 0} : returned(-1);
}

/// `flags`: more of those of recv(2).
Returned call_recv(const Arguments& arguments, int flags) {
  std::vector<char> room(static_cast<std::size_t>(std::max(arguments.size, 1)));
  return returned(::recv(arguments.fd, room.data(), static_cast<std::size_t>(arguments.size),
                         flags | MSG_DONTWAIT));
}

Returned call_name(const Arguments& arguments, int (*call)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return returned(call(arguments.fd, reinterpret_cast<sockaddr*>(&address), &size));
}

struct CallSpec {
  std::string_view name;
  Returned (*make)(const Arguments&);
};

constexpr std::array kCalls{
    CallSpec{"send",
             [](const Arguments& a) {
               return returned(
                   ::send(a.fd, a.data.data(), a.data.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
             }},
    CallSpec{"sendto",
             [](const Arguments& a) {
               return returned(::sendto(a.fd, a.data.data(), a.data.size(),
                                        MSG_NOSIGNAL | MSG_DONTWAIT, a.to.data(), a.to.size()));
             }},
    CallSpec{"recv", [](const Arguments& a) { return call_recv(a, 0); }},
    CallSpec{"recv_trunc", [](const Arguments& a) { return call_recv(a, MSG_TRUNC); }},
    CallSpec{
        "connect",
        [](const Arguments& a) { return returned(::connect(a.fd, a.to.data(), a.to.size())); }},
    CallSpec{"bind",
             [](const Arguments& a) { return returned(::bind(a.fd, a.to.data(), a.to.size())); }},
    CallSpec{"listen", [](const Arguments& a) { return returned(::listen(a.fd, a.value)); }},
    CallSpec{"accept", call_accept},
    CallSpec{"getsockname", [](const Arguments& a) { return call_name(a, ::getsockname); }},
    CallSpec{"getpeername", [](const Arguments& a) { return call_name(a, ::getpeername); }},
    CallSpec{"is_listening", [](const Arguments& a) { return option(a, SO_ACCEPTCONN); }},
    CallSpec{"set_reuse_port", [](const Arguments& a) { return set_option(a, SO_REUSEPORT); }},
    CallSpec{"set_reuse_address", [](const Arguments& a) { return set_option(a, SO_REUSEADDR); }},
    CallSpec{"set_receive_buffer", [](const Arguments& a) { return set_option(a, SO_RCVBUF); }},
    CallSpec{"drops", call_drops},
};

constexpr auto kCallNames = [] {
  std::array<std::string_view, kCalls.size()> names;
  std::ranges::transform(kCalls, names.begin(), &CallSpec::name);
  return names;
}();

std::string show(const Returned& returned) {
  return returned.error != 0 ? errno_name(returned.error) : fmt::format("{}", returned.value);
}

class Call : public Step {
 public:
  explicit Call(StepReader& reader)
      : spec_(std::ranges::find(kCalls, std::string_view(reader.name("call")), &CallSpec::name)),
        on_(reader.connection("on")),
        data_(reader.payload("data")),
        size_(reader.integer("size", 1)),
        value_(reader.integer("value", 1)),
        to_(reader.text("to", "${target.address}")),
        error_(reader.has("errno") ? find_errno(reader.name("errno")).value_or(0) : 0) {
    if (reader.has("returns")) returns_ = reader.integer("returns", 0);
    if (reader.has("at_least")) at_least_ = reader.integer("at_least", 0);
  }

  Task<StepOutcome> run(Session& session) const override {
    const bool on_listener = session.has_listener(on_);
    const bool on_datagrams = session.has_datagrams(on_);
    if (!on_listener && !on_datagrams && session.connection(on_).tls() != nullptr) {
      co_return impossible("NoCallOverTls",
                           fmt::format("'{}' speaks TLS: a call on its socket would put octets "
                                       "between the records, or take some away",
                                       on_));
    }
    if (!on_listener && !on_datagrams) session.connection(on_).forget_icmp_errors();
    Arguments arguments{on_listener    ? session.listener(on_).fd()
                        : on_datagrams ? session.datagrams(on_).fd()
                                       : session.connection(on_).fd(),
                        {},
                        size_,
                        value_,
                        {}};
    auto data = session.octets(data_);
    if (const auto* problem = std::get_if<Impossible>(&data)) co_return *problem;
    arguments.data = std::move(std::get<Bytes>(data));
    const auto to = session.address(to_);
    if (const auto* problem = std::get_if<Impossible>(&to)) co_return *problem;
    arguments.to = std::get<SocketAddress>(to);
    const auto result = spec_->make(arguments);
    session.recorder().add(on_, Called{std::string(spec_->name), result.value, result.error});
    if (on_datagrams) {
      session.datagrams(on_).learn_local();
    } else if (!on_listener) {
      session.connection(on_).learn_local();
      if (result.error == ECONNRESET) session.connection(on_).note_reset();
    }
    co_return judge(result);
  }

 private:
  StepOutcome judge(const Returned& result) const {
    const bool is_value = result.error == 0 && returns_.value_or(result.value) == result.value &&
                          result.value >= at_least_.value_or(result.value);
    const bool right = error_ != 0 ? result.error == error_ : is_value;
    if (right) return Passed{};
    const auto wanted = error_ != 0 ? errno_name(error_)
                        : returns_  ? fmt::format("{}", *returns_)
                        : at_least_ ? fmt::format("at least {}", *at_least_)
                                    : std::string("success");
    return failed("CallResult",
                  fmt::format("{} gave {}, expected {}", spec_->name, show(result), wanted), wanted,
                  show(result));
  }

  decltype(kCalls)::const_iterator spec_;
  std::string on_;
  Payload data_;
  int size_;
  int value_;
  Template to_;
  int error_;
  std::optional<long> returns_;
  std::optional<long> at_least_;
};

std::shared_ptr<const Step> parse_call(StepReader& reader) {
  if (reader.has("errno") && !find_errno(reader.name("errno"))) {
    reader.report("errno", "unknown errno", "by its name, such as \"EPIPE\"");
  }
  for (const auto* field : {"returns", "at_least"}) {
    if (reader.has("errno") && reader.has(field))
      reader.report(field, "a call that fails returns nothing else");
  }
  if (reader.has("returns") && reader.has("at_least"))
    reader.report("at_least", "'returns' and 'at_least' exclude each other");
  return std::make_shared<Call>(reader);
}

constexpr std::array kFields{
    Field{"call", FieldType::kChoice, "the call", true, kCallNames},
    Field{"on", FieldType::kDescriptor,
          "the socket, connection or listener; the only connection by default"},
    Field{"errno", FieldType::kText,
          "the error that it must give, by its name; by default it must succeed"},
    Field{"returns", FieldType::kInteger, "what it must return; by default anything"},
    Field{"at_least", FieldType::kInteger, "what it must return at least"},
    Field{"data", FieldType::kPayload, "send, sendto: the octets; none by default"},
    Field{"size", FieldType::kInteger,
          "recv, recv_trunc (which tells a datagram's whole length): octets to ask for; 1 by "
          "default"},
    Field{"value", FieldType::kInteger,
          "listen: the backlog; set_reuse_port, set_reuse_address: 1 or 0; set_receive_buffer: "
          "octets; 1 by default"},
    Field{"to", FieldType::kAddress, "connect, bind, sendto: the address; the target's by default"},
};

}  // namespace

extern const StepSpec kCall{.verb = "call",
                            .summary =
                                "One call of the socket API, once and without waiting, with the "
                                "errno or the value that it must give.",
                            .fields = kFields,
                            .needs = "",
                            .example = R"({ "call": "recv", "on": "s", "errno": "ENOTCONN" })",
                            .parse = parse_call,
                            .links = Links::kBoth};

}  // namespace dialtone
