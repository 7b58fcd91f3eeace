#include "reports/in_flight.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{};

TEST(InFlightTest, CountsAndNamesTheLongest) {
  InFlight flights;
  EXPECT_EQ(flights.text(kStart), "");
  flights.begin(1, "ROB-02", kStart + seconds(1));
  flights.begin(0, "ROB-01", kStart);
  EXPECT_EQ(flights.text(kStart + seconds(3)), "2 in flight, longest ROB-01 3.00 s");
  flights.end(0);
  EXPECT_EQ(flights.text(kStart + seconds(3)), "1 in flight, longest ROB-02 2.00 s");
  flights.end(1);
  flights.end(1);
  EXPECT_EQ(flights.text(kStart + seconds(3)), "");
}

TEST(InFlightTest, BegunAgainItIsUnderWaySinceItsFirstBegin) {
  InFlight flights;
  flights.begin(4, "A", kStart);
  flights.begin(4, "A", kStart + seconds(9));
  EXPECT_EQ(flights.text(kStart + milliseconds(9500)), "1 in flight, longest A 9.50 s");
}

TEST(InFlightTest, AnIdIsPrintable) {
  InFlight flights;
  flights.begin(0, "A\x1b[2J", kStart);
  EXPECT_EQ(flights.text(kStart).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace dialtone
