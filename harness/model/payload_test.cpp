#include "harness/model/payload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::IsNull;
using ::testing::Pointee;
using ::testing::StrEq;

Template text(std::string_view source) { return std::get<Template>(Template::parse(source)); }

Payload of_variable(std::string_view source, Encoding encoding = Encoding::kUtf8) {
  Payload payload;
  payload.append(text(source), encoding);
  return payload;
}

std::string shown(const Payload& payload, const Variables& known) {
  const auto octets = payload.bytes(known);
  const auto* missing = std::get_if<Payload::Unavailable>(&octets);
  return missing == nullptr ? to_hex(std::get<Bytes>(octets)) : missing->reason;
}

TEST(PayloadTest, NothingIsConstantlyNothing) {
  EXPECT_THAT(Payload().constant(), Pointee(StrEq("")));
  EXPECT_EQ(shown(Payload(), {}), "");
}

TEST(PayloadTest, ConstantsJoin) {
  Payload payload("ab");
  payload.append(Bytes("c"));
  payload.append(Payload("d"));
  EXPECT_THAT(payload.constant(), Pointee(StrEq("abcd")));
}

TEST(PayloadTest, WithAVariableItIsNoConstant) {
  Payload payload("a");
  payload.append(of_variable("<${x}>"));
  payload.append(Bytes("b"));
  EXPECT_THAT(payload.constant(), IsNull());
  EXPECT_EQ(shown(payload, {{"x", "1"}}), "61 3c 31 3e 62");
}

TEST(PayloadTest, EachTextHasItsOwnEncoding) {
  auto payload = of_variable("${x}", Encoding::kGbk);
  payload.append(of_variable("${x}", Encoding::kUtf8));
  EXPECT_EQ(shown(payload, {{"x", "你"}}), "c4 e3 e4 bd a0");
}

TEST(PayloadTest, SaysWhyItsOctetsCannotBeHad) {
  EXPECT_EQ(shown(of_variable("${x}"), {}), "variable 'x' has no value");
  EXPECT_EQ(shown(of_variable("a${x}", Encoding::kGbk), {{"x", "€"}}),
            "character 2 (U+20AC) is not in gbk");
}

TEST(PayloadTest, WeighsItsOctetsAndItsTexts) {
  auto payload = of_variable("${x}");
  EXPECT_EQ(payload.weight(), 256U);
  payload.append(Bytes("abc"));
  EXPECT_EQ(payload.weight(), 259U);
  EXPECT_EQ(Payload().weight(), 0U);
}

}  // namespace
}  // namespace dialtone
