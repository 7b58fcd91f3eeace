#include "harness/model/json_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace dialtone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Kind = JsonNode::Kind;

JsonNode parsed(std::string_view text) {
  Diagnostics diagnostics;
  auto node = parse_json("f.json", text, diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty()) << render(diagnostics.front());
  return node.value_or(JsonNode{});
}

/// All that is said about a text with mistakes, rendered; whether it is read nevertheless does not
/// matter.
std::string said(std::string_view text) {
  Diagnostics diagnostics;
  (void)parse_json("f.json", text, diagnostics);
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += render(diagnostic);
  return out;
}

/// The same for a mistake that must end the reading.
std::string refused(std::string_view text) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_json("f.json", text, diagnostics).has_value());
  EXPECT_THAT(diagnostics, SizeIs(1));
  return diagnostics.empty() ? "" : render(diagnostics.front());
}

TEST(JsonSourceTest, ReadsEveryKindOfValue) {
  const JsonNode root = parsed(R"([null, true, false, -7, 2.5, "x", [], {}])");
  ASSERT_EQ(root.kind, Kind::kArray);
  ASSERT_THAT(root.items, SizeIs(8));
  EXPECT_EQ(root.items[0].kind, Kind::kNull);
  EXPECT_EQ(root.items[1].kind, Kind::kBoolean);
  EXPECT_TRUE(root.items[1].boolean);
  EXPECT_FALSE(root.items[2].boolean);
  EXPECT_EQ(root.items[3].kind, Kind::kInteger);
  EXPECT_EQ(root.items[3].integer, -7);
  EXPECT_EQ(root.items[3].number, -7.0);
  EXPECT_EQ(root.items[4].kind, Kind::kNumber);
  EXPECT_EQ(root.items[4].number, 2.5);
  EXPECT_EQ(root.items[5].kind, Kind::kString);
  EXPECT_EQ(root.items[5].string, "x");
  EXPECT_EQ(root.items[6].kind, Kind::kArray);
  EXPECT_EQ(root.items[7].kind, Kind::kObject);
}

TEST(JsonSourceTest, TellsWholeNumbersFromOthersByHowTheyAreWritten) {
  EXPECT_EQ(parsed("1").kind, Kind::kInteger);
  EXPECT_EQ(parsed("1.0").kind, Kind::kNumber);
  EXPECT_EQ(parsed("1e2").kind, Kind::kNumber);
  EXPECT_EQ(parsed("9223372036854775807").integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-9223372036854775808").integer, std::numeric_limits<std::int64_t>::min());
}

TEST(JsonSourceTest, ResolvesEscapes) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t\u4f60\ud83d\ude00")").string, "\"\\/\b\f\n\r\t你😀");
  EXPECT_EQ(parsed(R"("\u0000")").string, std::string("\0", 1));
}

TEST(JsonSourceTest, KeepsTheOrderOfTheMembers) {
  const JsonNode root = parsed(R"({"b": 1, "a": 2, "c": 3})");
  ASSERT_THAT(root.members, SizeIs(3));
  EXPECT_EQ(root.members[0].key, "b");
  EXPECT_EQ(root.members[1].key, "a");
  EXPECT_EQ(root.members[2].key, "c");
}

TEST(JsonSourceTest, FindsAMemberByItsKey) {
  const JsonNode root = parsed(R"({"b": 1, "a": 2})");
  ASSERT_NE(root.find("a"), nullptr);
  EXPECT_EQ(root.find("a")->integer, 2);
  EXPECT_EQ(root.find("x"), nullptr);
  EXPECT_EQ(parsed("[1]").find("a"), nullptr);
}

TEST(JsonSourceTest, KnowsWhereEveryKeyAndValueBegins) {
  const JsonNode root =
      parsed("{\n  \"a\": [1, -2.5e3,\n\t\"x\"],\r\n  \"b\" :\n {\"c\":null}\n}\n");
  EXPECT_EQ(root.position, (Position{1, 1}));
  ASSERT_THAT(root.members, SizeIs(2));
  EXPECT_EQ(root.members[0].key_position, (Position{2, 3}));
  const JsonNode& a = root.members[0].value;
  EXPECT_EQ(a.position, (Position{2, 8}));
  EXPECT_EQ(a.items[0].position, (Position{2, 9}));
  EXPECT_EQ(a.items[1].position, (Position{2, 12}));
  EXPECT_EQ(a.items[2].position, (Position{3, 2}));
  EXPECT_EQ(root.members[1].key_position, (Position{4, 3}));
  const JsonNode& b = root.members[1].value;
  EXPECT_EQ(b.position, (Position{5, 2}));
  EXPECT_EQ(b.members[0].key_position, (Position{5, 3}));
  EXPECT_EQ(b.members[0].value.position, (Position{5, 7}));
}

TEST(JsonSourceTest, CountsColumnsInCharacters) {
  const JsonNode root = parsed(R"(["你好", "é", "😀", 1])");
  EXPECT_EQ(root.items[1].position, (Position{1, 8}));
  EXPECT_EQ(root.items[2].position, (Position{1, 13}));
  EXPECT_EQ(root.items[3].position, (Position{1, 18}));
}

// Behind a number the parser has read one octet more, at the end of the file it has not.
TEST(JsonSourceTest, IsNotMisledByWhatFollowsANumber) {
  EXPECT_EQ(parsed("7").position, (Position{1, 1}));
  const JsonNode root = parsed("[1,2 ,3\n,4/**/,5]");
  ASSERT_THAT(root.items, SizeIs(5));
  EXPECT_EQ(root.items[1].position, (Position{1, 4}));
  EXPECT_EQ(root.items[2].position, (Position{1, 7}));
  EXPECT_EQ(root.items[3].position, (Position{2, 2}));
  EXPECT_EQ(root.items[4].position, (Position{2, 8}));
}

TEST(JsonSourceTest, SkipsComments) {
  const JsonNode root = parsed(
      "// first, \"with\": [all]\n{ /* { */ \"a\" /***/ : // x\r 1 /*\n*/ , \"b\": 2 } // end");
  EXPECT_EQ(root.position, (Position{2, 1}));
  EXPECT_EQ(root.find("a")->integer, 1);
  EXPECT_EQ(root.members[1].key_position, (Position{3, 6}));
}

TEST(JsonSourceTest, TakesSlashesInAStringForText) {
  EXPECT_EQ(parsed(R"("http://x/*y*/")").string, "http://x/*y*/");
}

TEST(JsonSourceTest, ReadsAsManyLevelsAsItPromises) {
  const std::string text = std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']');
  EXPECT_EQ(parsed(text).kind, Kind::kArray);
}

TEST(JsonSourceTest, AppendsToTheDiagnosticsThatAreThere) {
  Diagnostics diagnostics = {{{"z.json", 9, 9}, "earlier", ""}};
  (void)parse_json("f.json", "[", diagnostics);
  ASSERT_THAT(diagnostics, SizeIs(2));
  EXPECT_EQ(diagnostics[0].message, "earlier");
}

TEST(JsonSourceTest, NamesTheKinds) {
  EXPECT_EQ(kind_name(Kind::kString), "a string");
  EXPECT_EQ(kind_name(Kind::kObject), "an object");
  EXPECT_EQ(kind_name(Kind::kArray), "an array");
  EXPECT_EQ(kind_name(Kind::kInteger), "a number");
  EXPECT_EQ(kind_name(Kind::kNumber), "a number");
  EXPECT_EQ(kind_name(Kind::kBoolean), "true or false");
  EXPECT_EQ(kind_name(Kind::kNull), "null");
}

TEST(JsonMistakeTest, EmptyFile) {
  EXPECT_THAT(refused(""), HasSubstr("f.json:1:1: the file is empty\n  hint: "));
  EXPECT_THAT(refused(" \n// nothing"), HasSubstr("f.json:2:11: the file is empty but for"));
}

TEST(JsonMistakeTest, ByteOrderMark) {
  const std::string text = refused("\xef\xbb\xbf{}");
  EXPECT_THAT(text, HasSubstr("f.json:1:1: the file begins with a byte order mark"));
  EXPECT_THAT(text, HasSubstr("hint: remove the byte order mark"));
  EXPECT_THAT(refused(std::string("\xff\xfe{\0}\0", 6)), HasSubstr("UTF-16"));
}

TEST(JsonMistakeTest, IllFormedUtf8NamesTheOctet) {
  const std::string text = refused("{\n \"你\": \"\xc4\xe3\"}");
  EXPECT_THAT(text, HasSubstr("f.json:2:8: the octet 0xc4 is not valid UTF-8 here"));
  EXPECT_THAT(text, HasSubstr("hint: save the file as UTF-8"));
  EXPECT_THAT(refused("[\"\xed\xa0\x80\"]"), HasSubstr("f.json:1:3: the octet 0xed"));
  EXPECT_THAT(refused("// \xff\n[]"), HasSubstr("f.json:1:4: the octet 0xff"));
}

// The parser would take a NUL for the end of the text and accept what stands before it.
TEST(JsonMistakeTest, ControlCharacters) {
  EXPECT_THAT(refused(std::string("[]\0garbage", 10)),
              HasSubstr("f.json:1:3: a control character, U+0000"));
  EXPECT_THAT(refused(std::string("[\"\0\"]", 5)),
              HasSubstr("f.json:1:3: a control character, U+0000"));
  EXPECT_THAT(refused("[\"\x1b\"]"), HasSubstr("it is written \\u001b"));
  EXPECT_THAT(refused("[\"a\tb\"]"),
              HasSubstr("f.json:1:4: a TAB character in a string\n  hint: write it as \\t"));
}

TEST(JsonMistakeTest, MissingComma) {
  EXPECT_EQ(refused("{\"a\": 1\n  \"b\": 2}"),
            "f.json:2:3: expected ',' or '}' after a value, found the string \"b\"\n"
            "  hint: put a comma between this and the value before it\n");
  EXPECT_THAT(refused("[1 2]"),
              HasSubstr("f.json:1:4: expected ',' or ']' after a value, found '2'"));
  EXPECT_THAT(refused("[true false]"), HasSubstr("hint: put a comma"));
}

TEST(JsonMistakeTest, TrailingComma) {
  EXPECT_EQ(refused("[1,\n]"),
            "f.json:1:3: a comma after the last value of an array\n"
            "  hint: remove this trailing comma: nothing follows it but ']'\n");
  EXPECT_THAT(refused("{\"a\":1, }"),
              HasSubstr("f.json:1:7: a comma after the last value of an object"));
  EXPECT_THAT(refused("[1,,2]"), HasSubstr("hint: remove one of the two commas"));
}

TEST(JsonMistakeTest, MissingOrWrongParts) {
  EXPECT_THAT(refused("{\"a\" 1}"), HasSubstr("f.json:1:6: expected ':' after the key, found '1'"));
  EXPECT_THAT(refused("{\"a\" = 1}"), HasSubstr("hint: a key and its value are parted by ':'"));
  EXPECT_THAT(refused("{\"a\":}"), HasSubstr("f.json:1:6: expected a value after ':', found '}'"));
  EXPECT_THAT(refused("[\"a\":1]"), HasSubstr("hint: keys stand in an object"));
  EXPECT_THAT(refused("{\"a\":[1}"),
              HasSubstr("hint: the array that is open here began at line 1, column 6"));
  EXPECT_THAT(refused("[;]"), HasSubstr("found ';'"));
}

TEST(JsonMistakeTest, QuotesThatAreNone) {
  EXPECT_EQ(refused("{'a': 1}"),
            "f.json:1:2: expected a key in double quotes or '}', found 'a' in single quotes\n"
            "  hint: strings stand in straight double quotes: \"...\"\n");
  EXPECT_THAT(refused("[“a”]"), HasSubstr("found '“' (U+201C)\n  hint: strings stand in straight"));
  EXPECT_THAT(refused("{a: 1}"), HasSubstr("found 'a'\n  hint: write \"a\""));
}

// What an input method for Chinese leaves behind.
TEST(JsonMistakeTest, FullWidthPunctuation) {
  EXPECT_THAT(refused("[1\uff0c2]"), HasSubstr("hint: put an ASCII comma ','"));
  EXPECT_THAT(refused("{\"a\"\uff1a1}"), HasSubstr("hint: put an ASCII colon ':'"));
  EXPECT_THAT(refused("[\u3000]"), HasSubstr("(U+3000)\n  hint: put an ordinary space"));
}

TEST(JsonMistakeTest, UnterminatedString) {
  EXPECT_THAT(refused("[\n \"abc"),
              HasSubstr("f.json:2:2: the string that begins here is not closed"));
  EXPECT_THAT(refused("{\"a\": \"b,\n \"c\": 1}"),
              HasSubstr("f.json:1:7: the string that begins here does not end on its line"));
  EXPECT_THAT(refused("[\"a\\"),
              HasSubstr("f.json:1:2: the string that begins here is not closed"));
  EXPECT_THAT(refused("[\"a\\\"]"),
              HasSubstr("f.json:1:2: the string that begins here is not closed"));
}

TEST(JsonMistakeTest, UnexpectedEnd) {
  EXPECT_EQ(refused("{\n \"a\": [1"),
            "f.json:2:9: expected ',' or ']' after a value, found the end of the file\n"
            "  hint: the array that began at line 2, column 7 is not closed\n");
  EXPECT_THAT(refused("{"),
              HasSubstr("hint: the object that began at line 1, column 1 is not closed"));
}

TEST(JsonMistakeTest, BadEscapes) {
  EXPECT_THAT(refused(R"(["a\x41"])"),
              HasSubstr("f.json:1:4: '\\x' is no escape of JSON\n  hint: the escapes are"));
  EXPECT_THAT(refused("[\"\\你\"]"), HasSubstr("'\\你' is no escape"));
  EXPECT_THAT(refused(R"(["ok \\ \u4f60 \u12"])"),
              HasSubstr("f.json:1:16: \\u without four hexadecimal digits"));
}

TEST(JsonMistakeTest, LoneSurrogates) {
  for (const std::string_view half : {"\\ud800", "\\uDBFF", "\\udc00", "\\uDFFF"}) {
    EXPECT_THAT(refused(fmt::format("[\"é{}\"]", half)),
                HasSubstr(fmt::format("f.json:1:4: '{}' is half of a character", half)));
  }
  EXPECT_THAT(refused(R"(["\ud83d\ude00\ud83d\u0041"])"), HasSubstr("f.json:1:15: '\\ud83d'"));
}

TEST(JsonMistakeTest, CommentThatIsNotClosed) {
  EXPECT_THAT(refused("[1, /* x"),
              HasSubstr("f.json:1:5: the comment that begins here is not closed"));
  EXPECT_THAT(refused("[] /*/"), HasSubstr("f.json:1:4: the comment"));
  EXPECT_THAT(refused("[1] # x"), HasSubstr("hint: a comment begins with //"));
  EXPECT_THAT(refused("/ x\n1"), HasSubstr("hint: a comment begins with // or /*"));
}

TEST(JsonMistakeTest, SecondDocument) {
  EXPECT_EQ(refused("{}\n{}"),
            "f.json:2:1: expected the end of the file, found '{'\n"
            "  hint: a file holds one JSON value; more of them go into an array: [ ... ]\n");
}

TEST(JsonMistakeTest, WordsOfOtherLanguages) {
  EXPECT_THAT(refused("[True]"), HasSubstr("found 'True'\n  hint: write 'true', in lower case"));
  EXPECT_THAT(refused("[None]"), HasSubstr("hint: write 'null'"));
  EXPECT_THAT(refused("[NaN]"), HasSubstr("hint: JSON has no such number"));
  EXPECT_THAT(refused("[hello]"), HasSubstr("hint: text stands in double quotes: \"hello\""));
  EXPECT_THAT(refused("[nullx]"), HasSubstr("f.json:1:2: expected a value, found 'nullx'"));
}

TEST(JsonMistakeTest, NumbersThatAreNone) {
  EXPECT_EQ(refused("[01]"),
            "f.json:1:2: '01' is not a JSON number\n  hint: remove the zeros in front\n");
  EXPECT_THAT(refused("+1"), HasSubstr("hint: remove the '+'"));
  EXPECT_THAT(refused(".5"), HasSubstr("hint: write 0.5"));
  EXPECT_THAT(refused("0x1F"), HasSubstr("hint: write the number in decimal"));
  EXPECT_THAT(refused("{\"timeout\": 200ms}"),
              HasSubstr("f.json:1:13: '200ms' is not a JSON number\n  hint: a value with a unit "
                        "stands in double quotes: \"200ms\""));
  for (const std::string_view text :
       {"1.", "1e", "1e+", "-", "1_000", "1.5.2", "1-2", "-01", "--1"}) {
    EXPECT_THAT(refused(text),
                HasSubstr(fmt::format("f.json:1:1: '{}' is not a JSON number", text)));
  }
}

TEST(JsonMistakeTest, NumbersThatDoNotFit) {
  for (const std::string_view text : {"9223372036854775808", "18446744073709551615",
                                      "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_THAT(said(fmt::format("[{}]", text)),
                HasSubstr(fmt::format(
                    "f.json:1:2: the number {} does not fit into 64 bits\n  hint: whole", text)));
  }
  for (const std::string_view text : {"1e999", "-1e999", "1e-999"}) {
    EXPECT_THAT(said(text), HasSubstr(fmt::format(
                                "f.json:1:1: the number {} does not fit into a floating", text)));
  }
  EXPECT_EQ(parsed("0e-999").number, 0.0);
}

TEST(JsonMistakeTest, NumberThatDoesNotFitIsCutToTheNearest) {
  Diagnostics diagnostics;
  const auto node =
      parse_json("f.json", "[-99999999999999999999, 99999999999999999999]", diagnostics);
  ASSERT_TRUE(node.has_value());
  EXPECT_THAT(diagnostics, SizeIs(2));
  EXPECT_EQ(node->items[0].integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(node->items[1].integer, std::numeric_limits<std::int64_t>::max());
}

TEST(JsonMistakeTest, RepeatedKeyPointsAtTheSecondAndNamesTheFirst) {
  EXPECT_EQ(said("{\n \"a\": 1,\n \"b\": 2,\n \"a\": 3}"),
            "f.json:4:2: the key 'a' stands twice in this object\n"
            "  hint: remove one of the two; the first is at line 2, column 2\n");
  EXPECT_THAT(said(R"({"a": 1, "\u0061": 2})"), HasSubstr("f.json:1:10: the key 'a'"));
  EXPECT_EQ(said(R"({"a": {"a": 1}, "b": {"a": 1}})"), "");
}

TEST(JsonMistakeTest, RepeatedKeysAreReadOnAndReportedInTheOrderOfTheText) {
  Diagnostics diagnostics;
  const auto node =
      parse_json("f.json", R"({"z":1,"z":2,"b":{"c":1,"c":2},"a":3,"a":4,"a":5})", diagnostics);
  ASSERT_TRUE(node.has_value());
  EXPECT_EQ(node->find("z")->integer, 1);
  ASSERT_THAT(diagnostics, SizeIs(4));
  std::vector<int> columns;
  for (const Diagnostic& diagnostic : diagnostics) columns.push_back(diagnostic.where.column);
  EXPECT_THAT(columns, ElementsAre(8, 25, 38, 44));
}

TEST(JsonMistakeTest, NestingTooDeep) {
  EXPECT_THAT(refused(std::string(65, '[')),
              HasSubstr("f.json:1:65: arrays and objects are nested deeper than 64 levels"));
  EXPECT_THAT(refused(std::string(100000, '[') + std::string(100000, ']')),
              HasSubstr("f.json:1:65:"));
  std::string objects;
  for (int level = 0; level < 100; ++level) objects += "{\"a\":\n";
  EXPECT_THAT(refused(objects), HasSubstr("f.json:65:1: arrays and objects"));
}

TEST(JsonMistakeTest, HostileTextIsEscapedAndCutShort) {
  EXPECT_THAT(refused("[] \"\u202e\u0085\""), HasSubstr("found the string \"\\u{202e}\\u{0085}\""));
  EXPECT_THAT(refused("[1 \u200b]"), HasSubstr("found '\\u{200b}' (U+200B)"));
  const std::string text = refused("[" + std::string(100000, 'x') + "]");
  EXPECT_LT(text.size(), 200U);
  EXPECT_THAT(text, HasSubstr("xxx...'"));
}

TEST(JsonMistakeTest, LongTextIsCutBetweenCharacters) {
  std::string characters = "a";  // so that the limit in octets falls inside a character
  for (int i = 0; i < 50; ++i) characters += "你";
  const std::string text = refused("[1 \"" + characters + "\"]");
  EXPECT_THAT(text, HasSubstr("你...\""));
  EXPECT_THAT(text, Not(HasSubstr("\\x")));
}

TEST(JsonMistakeTest, EveryMistakeHasAHint) {
  for (const std::string_view text :
       {"{",         "[",     "[1",    "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
        "[1,",       "}",     "]",     ":",      ",",       "[,1]",     "{,}",
        "{\"a\",1}", "{1:2}", "[1 é]", "é",      "nul",     "@",        "\"",
        "\"\\",      "-",     "/",     "/*",     "*/",      "{} x",     "{\"a\":1 @}"}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_json("f.json", text, diagnostics).has_value()) << text;
    ASSERT_THAT(diagnostics, SizeIs(1)) << text;
    EXPECT_THAT(diagnostics[0].hint, Not(IsEmpty())) << text << ": " << diagnostics[0].message;
    EXPECT_THAT(diagnostics[0].message, Not(HasSubstr("cannot be read"))) << text;
    EXPECT_THAT(diagnostics[0].message, Not(HasSubstr("json.exception"))) << text;
  }
}

}  // namespace
}  // namespace dialtone
