#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "harness/net/unique_fd.hpp"
#include "harness/steps/step_test_support.hpp"

/// The kernel does not tell when a datagram came.
namespace dialtone {
namespace {

using std::chrono::milliseconds;
using ::testing::AnyOf;

/// Waits for one datagram, makes the harness stand still from `after` on for `length`, and answers
/// near the end of that.
void answer_in_a_stall(int fd, ScenarioLoop& loop, milliseconds after, milliseconds length) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  char octet = 0;
  ASSERT_EQ(::recvfrom(fd, &octet, 1, 0, reinterpret_cast<sockaddr*>(&from), &size), 1);
  std::this_thread::sleep_for(after);  // the place of the stall in the window
  loop.stall(length);
  std::this_thread::sleep_for(length * 9 / 10);
  ASSERT_EQ(::sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&from), size), 1);
}

// It came 200 ms after the window's end, while the harness stood still: less than a fifth of the
// window, so that the silence was watched. On a busy machine the stall may come when all is over.
TEST(LateDatagramTest, OneThatMayHaveComeBehindTheWindowIsNoNoiseInIt) {
  const UniqueFd peer(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto at = SocketAddress::loopback_ipv4(0);
  ASSERT_EQ(::bind(peer.get(), at.data(), at.size()), 0);
  const auto target = target_at(*SocketAddress::local_of(peer.get()));
  ScenarioLoop loop;
  std::thread thread([&] {
    try {
      answer_in_a_stall(peer.get(), loop, milliseconds(1'850), milliseconds(380));
    } catch (const std::runtime_error&) {  // the loop had ended
    }
  });
  const auto result =
      loop.run(suite_of(
                   R"({"connect": "c", "over": "udp"}, {"send": "?"}, {"expect_silence": "2s"},
             {"pause": "500ms"})",
                   R"("ignore_leftover": true,)"),
               *target);
  thread.join();
  EXPECT_THAT(outcome_of(result), AnyOf("error HarnessStalled", "pass")) << result.problem.message;
}

}  // namespace
}  // namespace dialtone
