#include <fmt/format.h>

#include <array>

#include "harness/steps/expect_ending.hpp"
#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

std::shared_ptr<const Step> parse_expect_eof(StepReader& reader) {
  if (reader.flag("truncated")) reader.need("tls");
  for (const auto* other : {"or_reset", "truncated"}) {
    if (reader.has(other) && reader.has("any_ending"))
      reader.report(other, fmt::format("'{}' and 'any_ending' exclude each other", other));
  }
  for (const auto* other : {"or_reset", "any_ending"}) {
    if (reader.has("after_fin") && reader.flag(other))
      reader.report("after_fin", fmt::format("with '{}' a reset will do, so that none needs to be "
                                             "awaited",
                                             other));
  }
  if (reader.has("since") && !reader.has("not_before"))
    reader.report("since", "it is for 'not_before'");
  if (reader.has("not_before") && reader.connections("expect_eof").size() > 1)
    reader.report("not_before",
                  "it is for one connection: the ending of another one would be seen "
                  "later than it comes");
  return parse_expect_ending(reader, "expect_eof", Ending::kFin);
}

constexpr std::array<std::string_view, 2> kSince{"last_octets", "connect"};

constexpr std::array kFields{
    Field{"expect_eof", FieldType::kConnections, "the connections, or true for the only one", true},
    Field{"ignore_data", FieldType::kBoolean, "octets may come before it"},
    Field{"or_reset", FieldType::kBoolean,
          "RST will do too, where it does not matter how the connection ends; over TLS only behind "
          "close_notify"},
    Field{
        "any_ending", FieldType::kBoolean,
        "however the peer ends it: RST, over TLS a fatal alert, and FIN without close_notify too"},
    Field{"after_fin", FieldType::kDuration,
          "so long after FIN no RST may come, as a close with unread octets sends it"},
    Field{"not_before", FieldType::kDuration,
          "it comes no sooner than so long after our last octets on the connection, less a "
          "twentieth, since servers count in coarse ticks, and 'within' is counted from then on"},
    Field{"since", FieldType::kChoice,
          "from where 'not_before' is counted: \"last_octets\" of ours by default", false, kSince},
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
