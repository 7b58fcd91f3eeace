#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 2> kTypes{"tcp", "udp"};

class OpenSocket : public Step {
 public:
  explicit OpenSocket(StepReader& reader)
      : name_(reader.name("socket")),
        udp_(reader.text_or("type", "tcp") == "udp"),
        bind_(reader.text("bind", "")),
        family_of_(reader.text("family_of", "")) {}

  Task<StepOutcome> run(Session& session) const override {
    SocketAddress address;
    const auto& shown_by = bind_.empty() ? family_of_ : bind_;
    if (!shown_by.empty()) {
      const auto at = session.address(shown_by);
      if (const auto* problem = std::get_if<Impossible>(&at)) co_return *problem;
      address = std::get<SocketAddress>(at);
    }
    UniqueFd fd(::socket(address.family(),
                         (udp_ ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) co_return trouble({"socket", errno});
    if (!bind_.empty()) {
      if (::bind(fd.get(), address.data(), address.size()) != 0)
        co_return trouble({"bind " + address.to_string(), errno});
    }
    const auto local = SocketAddress::local_of(fd.get()).value_or(SocketAddress());
    session.recorder().note("socket '" + name_ + "' at " + local.to_string());
    if (udp_) {
      session.add(std::make_unique<DatagramSocket>(session.loop(), session.recorder(), name_,
                                                   std::move(fd), DatagramSocket::Form::kFree,
                                                   SocketAddress()));
      co_return Passed{};
    }
    session.add(std::make_unique<Connection>(session.loop(), session.recorder(), name_,
                                             std::move(fd), local, SocketAddress()));
    co_return Passed{};
  }

 private:
  std::string name_;
  bool udp_;
  Template bind_;
  Template family_of_;
};

std::shared_ptr<const Step> parse_socket(StepReader& reader) {
  if (reader.has("bind") && reader.has("family_of"))
    reader.report("family_of", "'bind' gives the family already");
  if (reader.text_or("type", "tcp") == "udp")
    reader.scope().define(reader.name("socket"), Scope::Kind::kDatagrams);
  return std::make_shared<OpenSocket>(reader);
}

constexpr std::array kFields{
    Field{"socket", FieldType::kNewSocket, "the socket's name", true},
    Field{"type", FieldType::kChoice, "\"tcp\" by default", false, kTypes},
    Field{"bind", FieldType::kAddress, "bound there; not bound by default"},
    Field{"family_of", FieldType::kAddress,
          "not bound, but of this address's family: IPv4, IPv6 or Unix; IPv4 by default"},
};

}  // namespace

extern const StepSpec kSocket{.verb = "socket",
                              .summary =
                                  "A socket of the harness' own, neither connected nor listening, "
                                  "for `call`. Bound but not listening, it is a "
                                  "port where nobody answers.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "socket": "dead", "bind": "127.0.0.1:0" })",
                              .parse = parse_socket};

}  // namespace dialtone
