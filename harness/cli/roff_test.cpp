#include "harness/cli/roff.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

TEST(RoffTest, TextIsText) {
  EXPECT_EQ(roff_text("a-b \\n"), "a\\-b \\en");
  EXPECT_EQ(roff_text(".SH x\n'y"), "\\&.SH x\n\\&\\(aqy");
  EXPECT_EQ(roff_text("a.b `c` ^ ~"), "a.b \\(gac\\(ga \\(ha \\(ti");
}

TEST(RoffTest, IsAPage) {
  Roff page({"a-b", 5, "2026-11-27", "x 1", "what \"it\" is"});
  page.section("Keys");
  page.paragraph("first");
  page.paragraph("second");
  page.entry("key", " VALUE", "means");
  page.subsection("say \"it\"");
  page.literal("{\n  .x");
  page.paragraph(std::string(79, 'a') + " .b .c");
  EXPECT_EQ(page.text(),
            ".TH \"A\\-B\" 5 2026-11-27 \"x 1\" \"Dialtone\"\n.SH \"NAME\"\n"
            "a\\-b \\- what \"it\" is\n.SH \"KEYS\"\nfirst\n.PP\nsecond\n"
            ".TP\n\\fBkey\\fR VALUE\nmeans\n.SS \"say \\(dqit\\(dq\"\n"
            ".RS 4\n.nf\n{\n  .x\n.fi\n.RE\n.PP\n" +
                std::string(79, 'a') + "\n\\&.b .c\n");
}

}  // namespace
}  // namespace dialtone
