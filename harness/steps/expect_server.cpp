#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "harness/model/duration.hpp"
#include "harness/model/step_reader.hpp"
#include "harness/steps/outcome.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"
#include "harness/steps/within.hpp"

namespace dialtone {
namespace {

constexpr std::array<std::string_view, 3> kFacts{"accept_order", "peer_address", "read_zero"};

class ExpectServer : public Step {
 public:
  explicit ExpectServer(StepReader& reader)
      : fact_(reader.name("expect_server")),
        of_(reader.connections("of")),
        within_(read_within(reader)) {}

  Task<StepOutcome> run(Session& session) const override {
    const auto* accepted = session.endpoint().accepted();
    if (accepted == nullptr)
      co_return impossible("NoServerSide", "the server's side is not ours to look at");
    std::vector<SocketAddress> wanted;
    for (const auto& name : of_) wanted.push_back(session.connection(name).local());
    const auto deadline = session.deadline(within_);
    const bool seen = co_await session.poll(deadline, [&] { return holds(*accepted, wanted); });
    session.recorder().note(fmt::format("the server accepted, in this order: {}", show(*accepted)));
    if (seen) co_return Passed{};
    if (deadline.spoilt(session.loop()))
      co_return stalled({deadline.stalled(session.loop())}, deadline);
    co_return failed("ServerSide",
                     fmt::format("the server's side did not show '{}' within {}", fact_,
                                 format_duration(deadline.budget())),
                     wanted_text(wanted), show(*accepted));
  }

 private:
  bool holds(const std::vector<AcceptedClient>& accepted,
             const std::vector<SocketAddress>& wanted) const {
    if (fact_ == "accept_order") {
      return std::ranges::equal(accepted, wanted, {}, &AcceptedClient::peer);
    }
    return std::ranges::all_of(wanted, [&](const SocketAddress& address) {
      const auto client = std::ranges::find(accepted, address, &AcceptedClient::peer);
      return client != accepted.end() && (fact_ == "peer_address" || client->read_zero);
    });
  }

  static std::string show(const std::vector<AcceptedClient>& accepted) {
    std::vector<std::string> parts;
    parts.reserve(accepted.size());
    for (const auto& client : accepted) {
      parts.push_back(client.peer.to_string() + (client.read_zero ? " (recv returned 0)" : ""));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  std::string wanted_text(const std::vector<SocketAddress>& wanted) const {
    std::vector<std::string> parts;
    parts.reserve(wanted.size());
    for (const auto& address : wanted)
      parts.push_back(address.to_string() + (fact_ == "read_zero" ? " (recv returned 0)" : ""));
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  std::string fact_;
  std::vector<std::string> of_;
  std::optional<Duration> within_;
};

std::shared_ptr<const Step> parse_expect_server(StepReader& reader) {
  return std::make_shared<ExpectServer>(reader);
}

constexpr std::array kFields{
    Field{"expect_server", FieldType::kChoice,
          "accept_order: it accepted these connections, in this order and no others; peer_address: "
          "accept gave it these "
          "clients' own addresses; read_zero: its recv returned 0 octets",
          true, kFacts},
    Field{"of", FieldType::kSeenConnections, "the connections, ended ones too", true},
};

}  // namespace

extern const StepSpec kExpectServer{
    .verb = "expect_server",
    .summary = "What the built-in server saw on its own side.",
    .fields = kFields,
    .needs = "server_side",
    .example = R"({ "expect_server": "accept_order", "of": ["a", "b"] })",
    .parse = parse_expect_server};

}  // namespace dialtone
