#include <fmt/format.h>

#include <array>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/tls_listening.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

constexpr int kDefaultBacklog = 128;

class Listen : public Step {
 public:
  explicit Listen(StepReader& reader)
      : name_(reader.name("listen")),
        at_(reader.text("at", "${loopback}:0")),
        backlog_(reader.integer("backlog", kDefaultBacklog)),
        receive_buffer_(reader.integer("receive_buffer", 0)),
        tls_(reader) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto at = session.address(at_);
    if (const auto* problem = std::get_if<Impossible>(&at)) co_return *problem;
    auto opened = Listener::open(std::get<SocketAddress>(at), backlog_, receive_buffer_);
    if (!opened.ok()) co_return impossible("LocalTrouble", opened.error().text);
    const auto& listener = session.add_listener(name_, std::move(opened.value()));
    if (tls_.is_wanted()) session.secure_listener(name_, tls_.context(listener.local()));
    session.recorder().add(name_, Listening{listener.local().to_string(), backlog_});
    co_return Passed{};
  }

 private:
  std::string name_;
  Template at_;
  int backlog_;
  int receive_buffer_;
  TlsListening tls_;
};

constexpr std::array<std::string_view, 3> kFlaws{"other_name", "expired", "stranger"};

std::shared_ptr<const Step> parse_listen(StepReader& reader) {
  return std::make_shared<Listen>(reader);
}

constexpr std::array kFields{
    Field{"listen", FieldType::kNewListener, "the listener's name", true},
    Field{"at", FieldType::kAddress,
          "its address; a free port of the scenario's own loopback address by default"},
    Field{"backlog", FieldType::kInteger, "as listen(2) takes it; 128 by default"},
    Field{"receive_buffer", FieldType::kInteger,
          "SO_RCVBUF of the connections that it takes, in octets: a small one makes a slow reader "
          "felt"},
    Field{"tls", FieldType::kBoolean,
          "whoever is accepted speaks TLS; its certificate is for \"localhost\" and the listener's "
          "address, and made by the authority in the file ${tls_ca}"},
    Field{"flaw", FieldType::kChoice,
          "why a client must refuse that certificate: it is for another name, has expired, or was "
          "issued by a stranger",
          false, kFlaws},
    Field{"certificate", FieldType::kText, "another one: a PEM file beside the suite"},
    Field{"key", FieldType::kText, "the key of 'certificate': a PEM file beside the suite"},
    Field{"ca", FieldType::kText,
          "a client must show a certificate of this authority: a PEM file beside the suite"},
    Field{"alpn", FieldType::kText, "the protocol that it speaks, for a client that offers some"},
};

}  // namespace

extern const StepSpec kListen{.verb = "listen",
                              .summary =
                                  "The harness itself listens: for a client under test, or to show "
                                  "what a listening socket is.",
                              .fields = kFields,
                              .needs = "",
                              .example = R"({ "listen": "desk" })",
                              .parse = parse_listen};

}  // namespace dialtone
