#include "harness/model/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "harness/model/charset.hpp"
#include "harness/model/dropped.hpp"

namespace dialtone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// With what every escape has something to say of.
const std::string kValue = "Pä<s\"&'/你 好\\%";

Secrets secrets() { return Secrets({{"TOKEN", "hunter2-secret"}, {"WORD", kValue}}); }

Bytes gbk(std::string_view text) { return std::get<Bytes>(encode(Encoding::kGb18030, text)); }

TEST(SecretsTest, PutsAsManyMasksAsThereWereOctets) {
  EXPECT_EQ(secrets().masked("a hunter2-secret, hunter2-secret."),
            "a **************, **************.");
  EXPECT_EQ(secrets().masked("hunter2-secre"), "hunter2-secre");
  EXPECT_EQ(Secrets().masked("hunter2-secret"), "hunter2-secret");
}

// Each written down by hand, and not by what makes the forms.
TEST(SecretsTest, FindsAnAsciiSecretInEveryForm) {
  for (const auto* form :
       {"68756e746572322d736563726574", "68 75 6e 74 65 72 32 2d 73 65 63 72 65 74",
        "68:75:6E:74:65:72:32:2D:73:65:63:72:65:74", "68-75-6e-74-65-72-32-2d-73-65-63-72-65-74",
        "\\x68\\x75\\x6e\\x74\\x65\\x72\\x32\\x2d\\x73\\x65\\x63\\x72\\x65\\x74",
        "%68%75%6e%74%65%72%32%2d%73%65%63%72%65%74",
        "0x68, 0x75, 0x6e, 0x74, 0x65, 0x72, 0x32, 0x2d, 0x73, 0x65, 0x63, 0x72, 0x65, 0x74"}) {
    const std::string text(form);
    EXPECT_EQ(secrets().masked("<" + text + ">"), "<" + std::string(text.size(), '*') + ">");
  }
}

TEST(SecretsTest, FindsBase64WhereverItBegins) {
  // base64 of "hunter2-secret", "u:hunter2-secret" and "ab:hunter2-secret!".
  EXPECT_EQ(secrets().masked("aHVudGVyMi1zZWNyZXQ="), "******************Q=");
  EXPECT_EQ(secrets().masked("dTpodW50ZXIyLXNlY3JldA=="), "dTp******************A==");
  EXPECT_EQ(secrets().masked("YWI6aHVudGVyMi1zZWNyZXQh"), "YWI6******************Qh");
}

TEST(SecretsTest, FindsWhatEncodingsMakeOfIt) {
  for (const auto& form : {kValue, gbk(kValue), gbk("Pä&lt;s&quot;&amp;&#39;/你 好\\%")})
    EXPECT_EQ(secrets().masked(form), Bytes(form.size(), '*'));
  EXPECT_EQ(secrets().masked(Bytes("h\0u\0n\0t\0e\0r\0002\0-\0s\0e\0c\0r\0e\0t\0", 28)),
            Bytes(28, '*'));
  EXPECT_EQ(secrets().masked(to_hex(gbk(kValue))), std::string(to_hex(gbk(kValue)).size(), '*'));
}

TEST(SecretsTest, FindsWhatEscapesMakeOfIt) {
  for (const auto* form : {R"(Pä<s\"&'/你 好\\%)", R"(P\u00e4<s\"&'/\u4f60 \u597d\\%)",
                           R"(P\u00E4<s\"&'\/\u4F60 \u597D\\%)", "Pä&lt;s&quot;&amp;&#39;/你 好\\%",
                           "Pä&lt;s&quot;&amp;&apos;/你 好\\%",
                           "P&#xe4;&#x3c;s&#x22;&#x26;&#x27;/&#x4f60; &#x597d;\\%",
                           "P&#228;&#60;s&#34;&#38;&#39;/&#20320; &#22909;\\%",
                           "P%C3%A4%3Cs%22%26%27%2F%E4%BD%A0%20%E5%A5%BD%5C%25",
                           "P%c3%a4%3cs%22%26%27%2f%e4%bd%a0+%e5%a5%bd%5c%25"}) {
    const std::string text(form);
    EXPECT_EQ(secrets().masked(text), std::string(text.size(), '*')) << text;
  }
}

TEST(SecretsTest, WhatIsLeftOfOneWhereOctetsWereDroppedIsMasked) {
  const std::string mark = "\n" + dropped_mark(7) + "\n";
  for (const std::string form : {"hunter2-secret", "68756e746572322d736563726574"}) {
    for (std::size_t left = 0; left < form.size(); ++left) {
      const auto right = form.size() - left - 1;
      EXPECT_EQ(
          secrets().masked_parts("[" + form.substr(0, left) + mark + form.substr(left + 1) + "]"),
          "[" + std::string(left, '*') + mark + std::string(right, '*') + "]");
    }
  }
  std::set<std::string> found;
  EXPECT_EQ(secrets().masked_parts("no word" + mark + "no word", &found),
            "no word" + mark + "no word");
  EXPECT_THAT(found, IsEmpty());
}

TEST(SecretsTest, WhatATextEndsInTheMiddleOfIsMasked) {
  EXPECT_EQ(secrets().masked_parts("a hunter2-secre"), "a *************");
  EXPECT_EQ(secrets().masked_parts("a 68756e"), "a ******");
  EXPECT_EQ(secrets().masked_parts("a hun"), "a hun");
  EXPECT_EQ(secrets().masked_parts("hunter2-secre."), "hunter2-secre.");
}

TEST(SecretsTest, TellsWhichItFound) {
  std::set<std::string> found;
  secrets().masked("hunter2-secret", &found);
  EXPECT_THAT(found, ElementsAre("TOKEN"));
  EXPECT_EQ(secrets().found_in("x " + kValue), "WORD");
  EXPECT_EQ(secrets().found_in("x"), "");
}

TEST(SecretsTest, WhatIsTooShortOrTooLongIsNone) {
  EXPECT_THAT(unfit_secret("").value_or(""), HasSubstr("empty"));
  EXPECT_THAT(unfit_secret("abc").value_or(""), HasSubstr("shorter than 4 octets"));
  EXPECT_EQ(unfit_secret("abcd"), std::nullopt);
  EXPECT_THAT(unfit_secret(std::string(4097, 'x')).value_or(""), HasSubstr("longer than 4096"));
}

TEST(SecretsTest, AnySecretOfOctetsIsFoundAsItIs) {
  for (const auto& value : {std::string("\xff\xfe\x00\x01", 4), std::string("aaaa"),
                            std::string("\n\t\r\x1b"), std::string(4096, 'k')})
    EXPECT_EQ(Secrets({{"N", value}}).masked(value + value), Bytes(2 * value.size(), '*'));
}

}  // namespace
}  // namespace dialtone
