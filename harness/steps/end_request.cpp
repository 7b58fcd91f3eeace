#include <array>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/step_reader.hpp"
#include "harness/steps/session.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

/// A request that was sent ends as the profile's framing says: of itself, or with our FIN.
class EndRequest : public Step {
 public:
  explicit EndRequest(StepReader& reader)
      : on_(reader.connections("end_request")), by_fin_(ends_by_fin(reader.context())) {}

  Task<StepOutcome> run(Session& session) const override {
    if (!by_fin_) co_return Passed{};
    for (const auto& name : on_) {
      const int error = session.connection(name).shutdown();
      // Who has gone already says so where its reply is awaited.
      if (error != 0) session.recorder().note("the request could not be ended: the peer is gone");
    }
    co_return Passed{};
  }

 private:
  static bool ends_by_fin(const LoadContext& context) {
    const auto& framing = context.framing();
    return framing && std::holds_alternative<UntilEofFraming>(*framing);
  }

  std::vector<std::string> on_;
  bool by_fin_;
};

std::shared_ptr<const Step> parse_end_request(StepReader& reader) {
  return std::make_shared<EndRequest>(reader);
}

constexpr std::array kFields{
    Field{"end_request", FieldType::kConnections, "the connections, or true for the only one",
          true},
};

}  // namespace

extern const StepSpec kEndRequest{
    .verb = "end_request",
    .summary =
        "Half-closes where the profile's framing says that a request ends with FIN (until_eof); "
        "under every other framing a request ends of itself, and this does nothing.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "end_request": "c" })",
    .parse = parse_end_request};

}  // namespace dialtone
