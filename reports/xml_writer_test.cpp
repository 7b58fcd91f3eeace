#include "reports/xml_writer.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "reports/xml_check.hpp"

namespace dialtone {
namespace {

const std::string kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

TEST(XmlWriterTest, IndentsElementsByTheirDepth) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a");
  xml.open("b");
  xml.attribute("name", "value");
  xml.close();
  xml.open("c");
  xml.open("d");
  xml.close();
  xml.close();
  xml.close();
  EXPECT_EQ(out.str(), kDeclaration + "<a>\n <b name=\"value\"/>\n <c>\n  <d/>\n </c>\n</a>\n");
}

TEST(XmlWriterTest, AddsNoSpaceToText) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a");
  xml.open("b");
  xml.text("line\n\tline\n");
  xml.close();
  xml.close();
  EXPECT_EQ(out.str(), kDeclaration + "<a>\n <b>line\n\tline\n</b>\n</a>\n");
}

TEST(XmlWriterTest, EscapesMarkup) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a");
  xml.attribute("b", "<\"&'>");
  xml.text("]]> <\"&'>");
  xml.close();
  EXPECT_EQ(out.str(),
            kDeclaration + "<a b=\"&lt;&quot;&amp;'&gt;\">]]&gt; &lt;\"&amp;'&gt;</a>\n");
  EXPECT_EQ(xml_complaints(out.str()), "");
}

TEST(XmlWriterTest, KeepsLineBreaksOfAttributesAsWords) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a");
  xml.attribute("b", "one\ntwo\tthree\rfour");
  xml.close();
  EXPECT_EQ(out.str(), kDeclaration + "<a b=\"one\\ntwo\\tthree\\rfour\"/>\n");
}

TEST(XmlWriterTest, EscapesEveryOctetThatXmlCannotHold) {
  std::ostringstream out;
  XmlWriter xml(out);
  xml.open("a");
  std::string octets;
  for (int octet = 0; octet < 256; ++octet) octets.push_back(static_cast<char>(octet));
  xml.attribute("b", octets);
  xml.text(octets);
  xml.close();
  EXPECT_EQ(xml_complaints(out.str()), "");
}

}  // namespace
}  // namespace dialtone
