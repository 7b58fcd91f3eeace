#include "harness/model/parameter_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dialtone {
namespace {

using ::testing::IsEmpty;
using ::testing::StrEq;

struct Read {
  Parameters parameters;
  std::string shown;  ///< the mistakes
};

Read read(const std::string& parameters, Encoding encoding = Encoding::kUtf8,
          const Variables& variables = {}) {
  Diagnostics diagnostics;
  LoadContext context("p.json", variables, diagnostics);
  const auto root = parse_json("p.json", parameters, diagnostics);
  Read result;
  result.parameters = read_parameters(&root.value(), encoding, context);
  for (const auto& diagnostic : diagnostics) result.shown += render(diagnostic);
  return result;
}

Bytes octets_of(const Payload& payload, const Variables& known = {}) {
  const auto octets = payload.bytes(known);
  if (const auto* problem = std::get_if<Payload::Unavailable>(&octets)) return problem->reason;
  return std::get<Bytes>(octets);
}

TEST(ParameterReaderTest, TextsAreInTheProfilesEncoding) {
  const auto [parameters, shown] =
      read(R"({"request": "你", "reply": ["好", {"hex": "0a"}]})", Encoding::kGbk);
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(octets_of(parameters.payloads.at("request")), "\xc4\xe3");
  const auto& reply = std::get<ExactMatch>(parameters.matchers.at("reply"));
  EXPECT_EQ(octets_of(reply.payload), "\xba\xc3\n");
}

TEST(ParameterReaderTest, ARegexReadsTheProfilesEncodingWhereverItStands) {
  const auto [parameters, shown] = read(R"({"reply": {"regex": "你+\n"}})", Encoding::kGbk);
  EXPECT_THAT(shown, IsEmpty());
  const Expectation expectation{&parameters.matchers.at("reply"), {}, Encoding::kUtf8};
  const auto result = match(expectation, "\xc4\xe3\xc4\xe3\n");
  ASSERT_TRUE(std::holds_alternative<Matched>(result));
  EXPECT_EQ(std::get<Matched>(result).consumed, 5u);
}

TEST(ParameterReaderTest, VariablesOfTheProfileAreFilledIn) {
  const auto [parameters, shown] =
      read(R"({"request": "GET ${path}"})", Encoding::kUtf8, {{"path", "/x"}});
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(octets_of(parameters.payloads.at("request")), "GET /x");
}

TEST(ParameterReaderTest, ScalarsAreKeptAsTexts) {
  const auto [parameters, shown] =
      read(R"({"quiet": "150ms", "clients": 12, "drain_signal": "SIGQUIT"})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(parameters.scalars,
            (Variables{{"quiet", "150ms"}, {"clients", "12"}, {"drain_signal", "SIGQUIT"}}));
}

TEST(ParameterReaderTest, AnEchoCarriesAnyOctetsAndTheirNumber) {
  const auto [parameters, shown] =
      read(R"({"echo_request": "PUT ${length} ${target.port}\r\n${data}"})");
  EXPECT_THAT(shown, IsEmpty());
  const auto filled = parameters.payloads.at("echo_request").with_data(Bytes("\xff\x00z", 3));
  EXPECT_EQ(octets_of(filled, {{"target.port", "80"}}), Bytes("PUT 3 80\r\n\xff\x00z", 13));
}

TEST(ParameterReaderTest, AClientsInputKnowsTheListener) {
  const auto [parameters, shown] = read(R"({"client_input": "${host} ${port}\n"})");
  EXPECT_THAT(shown, IsEmpty());
  EXPECT_EQ(octets_of(parameters.payloads.at("client_input"), {{"host", "h"}, {"port", "1"}}),
            "h 1\n");
}

struct Mistake {
  const char* name;
  const char* parameters;
  const char* shown;
};

class ParameterMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(ParameterMistakes, AreShown) {
  EXPECT_THAT(read(GetParam().parameters).shown, StrEq(GetParam().shown));
}

INSTANTIATE_TEST_SUITE_P(
    All, ParameterMistakes,
    ::testing::Values(
        Mistake{"NoObject", R"("x")",
                "p.json:1:1: 'parameters' must be an object, but is a string\n"},
        Mistake{"UnknownName", R"({"requst": "x"})",
                "p.json:1:2: unknown key 'requst' in 'parameters'\n"
                "  hint: did you mean 'request'?\n"},
        Mistake{"EmptyRequest", R"({"request": ""})",
                "p.json:1:13: 'request' is empty\n  hint: leave it out\n"},
        Mistake{"AMatcherForAPayload", R"({"request": {"regex": "x"}})",
                "p.json:1:14: 'regex' is a matcher, but a payload is due\n"
                "  hint: known: text, hex, base64, file, repeat, random, param, slice, frame\n"},
        Mistake{"EmptyReply", R"({"reply": ""})",
                "p.json:1:11: nothing is expected here, so it would always pass\n"
                "  hint: \"expect_silence\" and \"expect_eof\" say that nothing comes\n"},
        Mistake{"AnEchoWithoutData", R"({"echo_request": "x"})",
                "p.json:1:18: 'echo_request' has no '${data}' in it\n"
                "  hint: it stands for the octets that are carried\n"},
        Mistake{"ADurationWithoutUnit", R"({"quiet": "200"})",
                "p.json:1:11: bad duration '200'\n  hint: a number and its unit (ns, us, ms, s, m "
                "or h), such as \"200ms\"; 24h at most\n"},
        Mistake{"ATextForANumber", R"({"clients": "30"})",
                "p.json:1:13: 'clients' must be a whole number, but is a string\n"},
        Mistake{"TooFew", R"({"clients": 0})",
                "p.json:1:13: 'clients' must be between 1 and 1000\n"},
        Mistake{"TooMany", R"({"backlog": 1001})",
                "p.json:1:13: 'backlog' must be between 1 and 1000\n"},
        Mistake{"NoSuchSignal", R"({"drain_signal": "SIGNALL"})",
                "p.json:1:18: unknown signal 'SIGNALL'\n"
                "  hint: by its name, such as \"SIGTERM\" or \"SIGQUIT\"\n"},
        Mistake{"UnknownVariable", R"({"request": "${hots}"})",
                "p.json:1:13: unknown variable 'hots'\n  hint: known: loopback, target.address, "
                "target.host, target.port\n"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace dialtone
