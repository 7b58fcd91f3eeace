#include "harness/model/dropped.hpp"

#include <gtest/gtest.h>

namespace dialtone {
namespace {

/// The text without what stands for what was dropped.
std::string rest_of(const std::string& text) {
  std::string rest;
  std::size_t from = 0;
  while (const auto part = find_dropped(text, from)) {
    rest += text.substr(from, part->begin - from) + "|";
    from = part->end;
  }
  return rest + text.substr(from);
}

TEST(DroppedTest, IsFoundWithTheLineEndsAroundIt) {
  EXPECT_EQ(dropped_mark(12), "[... 12 bytes dropped ...]");
  EXPECT_EQ(rest_of("a\n" + dropped_mark(12) + "\nb"), "a|b");
  EXPECT_EQ(rest_of("a" + dropped_mark(1) + "b\n\n" + dropped_mark(2) + "\n\nc"), "a|b\n|\nc");
  EXPECT_EQ(rest_of(dropped_mark(3) + dropped_mark(4)), "||");
}

TEST(DroppedTest, WhatLooksLikeOneIsNone) {
  for (const auto* text : {"", "[... ", "[...  bytes dropped ...]", "[... 1 bytes dropped ...",
                           "[... x bytes dropped ...]", "[... 1x bytes dropped ...]"})
    EXPECT_EQ(rest_of(text), text);
  EXPECT_EQ(rest_of("[... 1 [... 2 bytes dropped ...]"), "[... 1 |");
}

}  // namespace
}  // namespace dialtone
