#include "harness/cli/octet_escapes.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

using namespace std::string_view_literals;

std::string read(std::string_view typed) {
  const auto result = unescape(typed);
  const auto* good = std::get_if<Unescaped>(&result);
  return good != nullptr ? good->octets : "mistake: " + std::get<std::string>(result);
}

std::string mistake(std::string_view shown) {
  return "mistake: '" + std::string(shown) +
         R"(' is no escape; there are \n, \r, \t, \0, \\ and \xNN)";
}

TEST(OctetEscapesTest, EscapesAreReadAsCReadsThem) {
  EXPECT_EQ(read(R"(a\n\r\t\0\\n\xc4\XE3 你)"), mistake(R"(\X)"));
  EXPECT_EQ(read(R"(a\n\r\t\0\\n\xc4\xE3d 你)"), "a\n\r\t\0\\n\xc4\xe3\x64 你"sv);
  EXPECT_EQ(read(""), "");
}

TEST(OctetEscapesTest, WhatIsNoEscapeIsNamed) {
  EXPECT_EQ(read(R"(a\q)"), mistake(R"(\q)"));
  EXPECT_EQ(read(R"(a\)"), mistake(R"(\)"));
  EXPECT_EQ(read(R"(a\x1)"), mistake(R"(\x1)"));
  EXPECT_EQ(read(R"(\x1g2)"), mistake(R"(\x1g)"));
  EXPECT_EQ(read(R"(\x 1)"), mistake(R"(\x 1)"));
}

}  // namespace
}  // namespace dialtone
