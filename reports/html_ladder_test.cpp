#include "reports/html_ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <set>
#include <sstream>

#include "reports/html_rung.hpp"
#include "reports/sample_run.hpp"
#include "reports/xml_check.hpp"

namespace dialtone::html {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using Shape = Rung::Shape;

Shape shape_of(const EventKind& kind) { return rung_of(kind, Encoding::kUtf8).shape; }

TEST(RungTest, NoTwoEndingsLookAlike) {
  const std::set<Shape> shapes{shape_of(PeerEnded{Ending::kFin}),
                               shape_of(PeerEnded{Ending::kReset}),
                               shape_of(PeerEnded{Ending::kTimeout}),
                               shape_of(PeerEnded{Ending::kTruncated}),
                               shape_of(WeEnded{WeEnded::How::kClose}),
                               shape_of(DeadlinePassed{"a reply", milliseconds(200)})};
  EXPECT_EQ(shapes.size(), 6U);
}

TEST(RungTest, ARefusedConnectIsNoSilentOne) {
  EXPECT_EQ(shape_of(ConnectFailed{"a:1", ConnectOutcome::kRefused, ECONNREFUSED}),
            Shape::kRefused);
  EXPECT_EQ(shape_of(ConnectFailed{"a:1", ConnectOutcome::kTimeout, 0}), Shape::kUnheard);
}

TEST(RungTest, EveryEndingIsSaidInWords) {
  const auto words = [](const EventKind& kind) { return rung_of(kind, Encoding::kUtf8).words; };
  EXPECT_EQ(words(PeerEnded{Ending::kFin}), "FIN");
  EXPECT_EQ(words(PeerEnded{Ending::kReset}), "RST");
  EXPECT_EQ(words(PeerEnded{Ending::kReset, 0, true}), "RST after its FIN (FIN, later reset)");
  EXPECT_EQ(words(PeerEnded{Ending::kTimeout}), "given up by the kernel (ETIMEDOUT)");
  EXPECT_EQ(words(WeEnded{WeEnded::How::kShutdown}), "FIN (shutdown)");
  EXPECT_EQ(words(DeadlinePassed{"'!'", milliseconds(200)}),
            "deadline of 200ms passed, waiting for '!'");
}

TEST(RungTest, OctetsAreShownAsTextAndInHex) {
  const auto rung = rung_of(Sent{"\xc4\xe3\xba\xc3"}, Encoding::kGbk);
  EXPECT_TRUE(rung.to_peer);
  EXPECT_EQ(rung.words, "4 octets  \"\u4f60\u597d\"");
  EXPECT_EQ(rung.octets, "c4 e3 ba c3");
  EXPECT_THAT(rung_of(Received{Bytes(1000, 'a')}, Encoding::kUtf8).octets, HasSubstr("(+980)"));
}

TEST(FitTest, WideCharactersCountTwice) {
  EXPECT_EQ(fit("\u4f60\u597d", 4), "\u4f60\u597d");
  EXPECT_EQ(fit("\u4f60\u597d\u554a", 5), "\u4f60\u597d\u2026");
}

std::string ladder_of(ScenarioResult result) {
  std::ostringstream out;
  HtmlWriter html(out);
  html.open("div");
  write_ladder(html, result, "my server", "ladder-1");
  html.close();
  return out.str();
}

TEST(LadderTest, HasATitleADescriptionAndARowAnEvent) {
  const auto result = sample_run().results.front();
  const auto ladder = ladder_of(result);
  EXPECT_EQ(xml_complaints(ladder), "");
  EXPECT_EQ(xpath(ladder, "count(//*[local-name()='g'])"),
            std::to_string(result.transcript.size()));
  EXPECT_THAT(ladder, HasSubstr("aria-labelledby=\"ladder-1-title ladder-1-text\""));
  EXPECT_THAT(ladder, HasSubstr("5 events between Dialtone, on the left, and my server"));
}

TEST(LadderTest, ALongConversationIsCutInTheMiddleAndSaysSo) {
  auto result = sample_run().results.front();
  result.transcript.assign(1000, {milliseconds(1), 0, "c", Sent{"x"}});
  const auto ladder = ladder_of(result);
  EXPECT_EQ(xpath(ladder, "count(//*[local-name()='g'])"), std::to_string(kEventLimit));
  EXPECT_THAT(ladder, HasSubstr("800 events left out"));
}

}  // namespace
}  // namespace dialtone::html
