#include <array>

#include "harness/steps/expect_ending.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

std::shared_ptr<const Step> parse_expect_eof(StepReader& reader) {
  if (reader.flag("truncated")) reader.need("tls");
  if (reader.has("after_fin") && reader.flag("or_reset"))
    reader.report("after_fin", "with 'or_reset' a reset will do, so that none needs to be awaited");
  return parse_expect_ending(reader, "expect_eof", Ending::kFin);
}

constexpr std::array kFields{
    Field{"expect_eof", FieldType::kConnections, "the connections, or true for the only one", true},
    Field{"ignore_data", FieldType::kBoolean, "octets may come before it"},
    Field{"or_reset", FieldType::kBoolean,
          "RST will do too, where it does not matter how the connection ends"},
    Field{"after_fin", FieldType::kDuration,
          "so long after FIN no RST may come, as a close with unread octets sends it"},
    Field{"truncated", FieldType::kBoolean,
          "over TLS: FIN must come without close_notify, which is a failure otherwise"},
};

}  // namespace

extern const StepSpec kExpectEof{
    .verb = "expect_eof",
    .summary =
        "The peer ends its direction with FIN: recv returns 0 octets, with nothing before it.",
    .fields = kFields,
    .needs = "",
    .example = R"({ "expect_eof": "c" })",
    .parse = parse_expect_eof};

}  // namespace dialtone
