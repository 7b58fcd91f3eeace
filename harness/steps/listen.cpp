#include <fmt/format.h>

#include <array>

#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
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
        receive_buffer_(reader.integer("receive_buffer", 0)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto at = session.address(at_);
    if (const auto* problem = std::get_if<Impossible>(&at)) co_return *problem;
    auto opened = Listener::open(std::get<SocketAddress>(at), backlog_, receive_buffer_);
    if (!opened.ok()) co_return impossible("LocalTrouble", opened.error().text);
    const auto& listener = session.add_listener(name_, std::move(opened.value()));
    session.recorder().add(name_, Listening{listener.local().to_string(), backlog_});
    co_return Passed{};
  }

 private:
  std::string name_;
  Template at_;
  int backlog_;
  int receive_buffer_;
};

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
