#include "harness/net/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dialtone {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> told(const Transcript& transcript) {
  std::vector<std::string> lines;
  for (const auto& event : transcript) lines.push_back(describe(event.kind));
  return lines;
}

TEST(RecorderTest, KeepsTheBeginningOfWhatCameAndCountsTheRest) {
  Recorder recorder(1 + sizeof(Event));
  recorder.add("c", Received{"a"});
  recorder.add("c", Received{"bcd"});
  recorder.add("d", Received{"ef"});
  EXPECT_FALSE(recorder.keeps_arrivals());
  EXPECT_THAT(told(recorder.take()),
              ElementsAre("received 1 octet", "so much has come by now that no more of it is kept",
                          "5 octets more came: not kept here"));
}

TEST(RecorderTest, ArrivalsWithoutOctetsTakeRoomToo) {
  Recorder recorder(1);
  for (int i = 0; i < 3; ++i) recorder.add("c", Received{""});
  EXPECT_FALSE(recorder.keeps_arrivals());
  EXPECT_THAT(told(recorder.take()),
              ElementsAre("received 0 octets", "so much has come by now that no more of it is kept",
                          "0 octets more came: not kept here"));
}

TEST(RecorderTest, WhatIsNoArrivalIsKeptBehindThem) {
  Recorder recorder(1);
  recorder.add("c", Received{"a"});
  recorder.add("c", Received{"b"});
  recorder.add("c", Sent{"c"});
  recorder.add("c", PeerEnded{Ending::kFin});
  EXPECT_THAT(
      told(recorder.take()),
      ElementsAre("received 1 octet", "so much has come by now that no more of it is kept",
                  "sent 1 octet", "peer ended with FIN", "1 octet more came: not kept here"));
}

TEST(RecorderTest, SaysNothingOfWhatItKept) {
  Recorder recorder;
  recorder.add("c", Received{"a"});
  EXPECT_THAT(told(recorder.take()), ElementsAre("received 1 octet"));
}

}  // namespace
}  // namespace dialtone
