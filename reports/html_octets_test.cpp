#include "reports/html_octets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/xml_check.hpp"

namespace dialtone::html {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string difference_of(const Bytes& expected, const Bytes& actual, Encoding encoding) {
  std::ostringstream out;
  HtmlWriter html(out);
  html.open("div");
  const auto offset = first_difference(expected, actual).value();
  write_difference(html, {expected, actual, offset, encoding});
  html.close();
  EXPECT_EQ(xml_complaints(out.str()), "");
  return out.str();
}

TEST(HtmlDifferenceTest, TheFirstOctetAndItsCharacterAreMarkedOnBothSides) {
  const auto table =
      difference_of("\xce\xd2\xba\xdc\xba\xc3", "\xce\xd2\xba\xdd\xba\xc3", Encoding::kGbk);
  EXPECT_THAT(table, HasSubstr("ce d2 ba <mark>|dc|</mark> ba c3"));
  EXPECT_THAT(table, HasSubstr("ce d2 ba <mark>|dd|</mark> ba c3"));
  EXPECT_THAT(table, HasSubstr("\u6211<mark>|\u5f88|</mark>\u597d"));
  EXPECT_THAT(table, HasSubstr("offset 3, between bars: 6 octets expected, 6 actual"));
  EXPECT_EQ(xpath(table, "count(//mark)"), "4");
}

TEST(HtmlDifferenceTest, WhereOneSideEndsItSaysEnd) {
  const auto table = difference_of("abcd", "ab", Encoding::kUtf8);
  EXPECT_THAT(table, HasSubstr("61 62 <mark>|63|</mark> <span class=\"differs\">64</span>"));
  EXPECT_THAT(table, HasSubstr("61 62 <mark>|end|</mark>"));
}

TEST(HtmlDifferenceTest, AtTheEndOfARowTheEndHasARow) {
  const auto table = difference_of("12345678", "123456789", Encoding::kAscii);
  EXPECT_THAT(table, HasSubstr("<mark>|end|</mark>"));
  EXPECT_THAT(table, HasSubstr("<mark>|39|</mark>"));
}

TEST(HtmlDifferenceTest, WhatLiesOutsideTheWindowIsCounted) {
  Bytes expected(1000, 'a');
  Bytes actual(900, 'a');
  actual[500] = 'b';
  const auto table = difference_of(expected, actual, Encoding::kUtf8);
  EXPECT_THAT(table, HasSubstr("480 octets before, the same"));
  EXPECT_THAT(table, HasSubstr("456 octets more expected, 356 more actual"));
  EXPECT_THAT(table, Not(HasSubstr("<th scope=\"row\">0</th>")));
}

TEST(HtmlPayloadTest, ALongOneIsCutAndCounted) {
  std::ostringstream out;
  HtmlWriter html(out);
  html.open("tr");
  write_payload_cells(html, Bytes(kPayloadLimit + 5, 'a'), Encoding::kUtf8);
  html.close();
  EXPECT_THAT(out.str(), HasSubstr("(5 more)"));
}

}  // namespace
}  // namespace dialtone::html
