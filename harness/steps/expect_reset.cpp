#include <array>

#include "harness/steps/expect_ending.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

std::shared_ptr<const Step> parse_expect_reset(StepReader& reader) {
  return parse_expect_ending(reader, "expect_reset", Ending::kReset);
}

constexpr std::array kFields{
    Field{"expect_reset", FieldType::kConnections, "the connections, or true for the only one",
          true},
    Field{"ignore_data", FieldType::kBoolean, "octets may come before it"},
};

}  // namespace

extern const StepSpec kExpectReset{
    .verb = "expect_reset",
    .summary =
        "The peer resets the connection: recv fails with ECONNRESET, with nothing before it.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "expect_reset": "c" })",
    .parse = parse_expect_reset};

}  // namespace dialtone
