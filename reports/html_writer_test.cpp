#include "reports/html_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/hostile_run.hpp"

namespace dialtone {
namespace {

using testing::HasSubstr;

TEST(HtmlEscapedTest, EveryCharacterThatMarkupIsMadeOfBecomesAnEntity) {
  EXPECT_EQ(html_escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
}

TEST(HtmlEscapedTest, WhatShowsNothingOrTurnsTextAroundIsVisible) {
  EXPECT_EQ(html_escaped(std::string_view("\0\x1b\x7f", 3)), "\\x00\\x1b\\x7f");
  EXPECT_EQ(html_escaped("\u202eabc\u2066"), "\\u{202e}abc\\u{2066}");
  EXPECT_EQ(html_escaped("\xff\xc3("), "\\xff\\xc3(");
  EXPECT_EQ(html_escaped("\u4f60"), "\u4f60");
}

TEST(HtmlEscapedTest, LinesAreKeptOnlyWhereAskedFor) {
  EXPECT_EQ(html_escaped("a\n\tb\r"), "a\\n\\tb\\r");
  EXPECT_EQ(html_escaped("a\n\tb\r", HtmlLines::kKept), "a\n\tb\\r");
}

TEST(HtmlEscapedTest, NoHostileTextHoldsMarkup) {
  for (const auto text : kHostile)
    for (const auto lines : {HtmlLines::kEscaped, HtmlLines::kKept})
      EXPECT_EQ(html_escaped(text, lines).find_first_of("<>\"'"), std::string::npos);
}

TEST(HtmlWriterTest, ElementsAreClosedAndAttributesQuoted) {
  std::ostringstream out;
  HtmlWriter html(out);
  html.open("html");
  html.element("td", "", {{"class", "a\"b"}});
  html.leaf("meta", {{"charset", "utf-8"}});
  html.close();
  EXPECT_EQ(
      out.str(),
      "<!DOCTYPE html>\n<html>\n<td class=\"a&quot;b\"></td>\n<meta charset=\"utf-8\"/></html>\n");
  EXPECT_EQ(html.written(), out.str().size());
}

TEST(HtmlWriterTest, NothingIsPutBetweenWordsOfALine) {
  std::ostringstream out;
  HtmlWriter html(out);
  html.open("p");
  html.text("a");
  html.element("code", "<b>");
  html.text("c");
  html.close();
  EXPECT_THAT(out.str(), HasSubstr("a<code>&lt;b&gt;</code>c"));
}

}  // namespace
}  // namespace dialtone
