#include "harness/model/bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dialtone {
namespace {

using ::testing::Eq;
using ::testing::Optional;

Bytes all_octets() {
  Bytes bytes;
  for (int octet = 0; octet < 256; ++octet) bytes.push_back(static_cast<char>(octet));
  return bytes;
}

TEST(HexTest, WritesLowerCasePairsWithSingleSpaces) {
  EXPECT_EQ(to_hex("\xc4\xe3\xba\xc3"), "c4 e3 ba c3");
  EXPECT_EQ(to_hex(Bytes("\0\x0f", 2)), "00 0f");
  EXPECT_EQ(to_hex(""), "");
}

TEST(HexTest, ReadsWhatItWrites) { EXPECT_THAT(from_hex(to_hex(all_octets())), all_octets()); }

TEST(HexTest, ReadsUpperCaseAndIgnoresWhiteSpaceBetweenPairs) {
  EXPECT_THAT(from_hex("C4E3 bAc3"), Optional(Bytes("\xc4\xe3\xba\xc3")));
  EXPECT_THAT(from_hex("\n\t c4 \r\n e3\v\f"), Optional(Bytes("\xc4\xe3")));
  EXPECT_THAT(from_hex(""), Optional(Bytes()));
  EXPECT_THAT(from_hex("  "), Optional(Bytes()));
}

TEST(HexTest, RefusesHalfPairs) {
  for (const auto* text : {"c", "c4e", "c4 e", "c 4", "c4 e 3", "c4e "})
    EXPECT_THAT(from_hex(text), Eq(std::nullopt)) << text;
}

TEST(HexTest, RefusesWhatIsNoHexDigit) {
  for (const auto* text :
       {"0x", "0xc4", "g0", "0G", "c4,e3", "@0", "`0", "/0", "0:", "-1", "\xc4\xe3"})
    EXPECT_THAT(from_hex(text), Eq(std::nullopt)) << text;
  EXPECT_THAT(from_hex(std::string_view("\0\0", 2)), Eq(std::nullopt));
}

// RFC 4648 section 10.
TEST(Base64Test, ReadsTheVectorsOfItsSpecification) {
  EXPECT_THAT(from_base64(""), Optional(Bytes()));
  EXPECT_THAT(from_base64("Zg=="), Optional(Bytes("f")));
  EXPECT_THAT(from_base64("Zm8="), Optional(Bytes("fo")));
  EXPECT_THAT(from_base64("Zm9v"), Optional(Bytes("foo")));
  EXPECT_THAT(from_base64("Zm9vYg=="), Optional(Bytes("foob")));
  EXPECT_THAT(from_base64("Zm9vYmE="), Optional(Bytes("fooba")));
  EXPECT_THAT(from_base64("Zm9vYmFy"), Optional(Bytes("foobar")));
}

TEST(Base64Test, ReadsEveryOctetAndEverySymbol) {
  EXPECT_THAT(from_base64("AP/+gA=="), Optional(Bytes("\0\xff\xfe\x80", 4)));
  EXPECT_THAT(from_base64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
              from_hex("00108310518720928b30d38f41149351559761969b71d79f"
                       "8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3dfbf"));
}

TEST(Base64Test, IgnoresWhiteSpaceAnywhere) {
  EXPECT_THAT(from_base64(" Zm\r\n9v\tYg = =\n"), Optional(Bytes("foob")));
}

TEST(Base64Test, RefusesWrongPadding) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zm8", "Zg===", "Z===", "====", "=",
                           "Zm9v=", "Zg==Zg==", "Zm8=Zm8=", "=Zm9", "Zm=v", "Zm9v===="})
    EXPECT_THAT(from_base64(text), Eq(std::nullopt)) << text;
}

TEST(Base64Test, RefusesPadBitsThatAreNotZero) {
  EXPECT_THAT(from_base64("Zh=="), Eq(std::nullopt));
  EXPECT_THAT(from_base64("Zm9="), Eq(std::nullopt));
}

TEST(Base64Test, RefusesOtherAlphabets) {
  for (const auto* text : {"Zm9-", "Zm9_", "Zm9.", "Zm9\xc3", "Z*9v"})
    EXPECT_THAT(from_base64(text), Eq(std::nullopt)) << text;
}

TEST(FirstDifferenceTest, IsNoneWhereBothAreEqual) {
  EXPECT_THAT(first_difference("", ""), Eq(std::nullopt));
  EXPECT_THAT(first_difference("thank you !", "thank you !"), Eq(std::nullopt));
}

TEST(FirstDifferenceTest, IsTheFirstOctetThatDiffers) {
  EXPECT_THAT(first_difference("abc", "xbc"), Optional(0));
  EXPECT_THAT(first_difference("abc", "abx"), Optional(2));
  EXPECT_THAT(first_difference("axcx", "abcd"), Optional(1));
  EXPECT_THAT(first_difference(Bytes("a\0b", 3), Bytes("a\0c", 3)), Optional(2));
}

TEST(FirstDifferenceTest, IsTheLengthOfTheShorterWhereOneBeginsTheOther) {
  EXPECT_THAT(first_difference("abc", "ab"), Optional(2));
  EXPECT_THAT(first_difference("ab", "abc"), Optional(2));
  EXPECT_THAT(first_difference("", "a"), Optional(0));
}

TEST(FirstDifferenceTest, ADifferenceBeforeTheShorterEndsComesFirst) {
  EXPECT_THAT(first_difference("xb", "abc"), Optional(0));
}

}  // namespace
}  // namespace dialtone
