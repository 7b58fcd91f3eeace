#include "harness/net/listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "harness/net/loop_test_support.hpp"

namespace dialtone {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::VariantWith;

class ListenerTest : public LoopTest {
 protected:
  UniqueFd call() const {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(fd.get(), listener.local().data(), listener.local().size()), 0);
    return fd;
  }
  auto accept(Duration budget = hours(1)) { return get(listener.accept(Clock::now() + budget)); }

  Listener listener{loop, std::move(Listener::open(SocketAddress::loopback_ipv4(0), 16).value())};
};

TEST_F(ListenerTest, PortZeroTakesAFreeOne) { EXPECT_NE(listener.local().port(), 0); }

TEST_F(ListenerTest, ACallerIsAcceptedWithItsAddress) {
  const auto caller = call();
  const auto accepted = accept();
  ASSERT_TRUE(std::holds_alternative<AcceptedSocket>(accepted));
  EXPECT_EQ(std::get<AcceptedSocket>(accepted).peer, SocketAddress::local_of(caller.get()).value());
}

TEST_F(ListenerTest, ACallerThatComesLaterIsAccepted) {
  UniqueFd caller;
  then([&] { caller = call(); });
  EXPECT_TRUE(std::holds_alternative<AcceptedSocket>(accept()));
}

TEST_F(ListenerTest, ACallerThatCameInAStallIsAccepted) {
  UniqueFd caller;
  then([&] {
    ::usleep(300'000);
    caller = call();
  });
  EXPECT_TRUE(std::holds_alternative<AcceptedSocket>(accept(milliseconds(50))));
}

TEST_F(ListenerTest, NobodyIsETIME) {
  EXPECT_THAT(accept(milliseconds(10)), VariantWith<int>(ETIME));
}

TEST_F(ListenerTest, ACloseEndsTheWait) {
  then([&] { listener.close(); });
  EXPECT_THAT(accept(), VariantWith<int>(EBADF));
}

TEST_F(ListenerTest, ATakenAddressIsAnError) {
  const auto second = Listener::open(listener.local(), 1);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, EADDRINUSE);
}

}  // namespace
}  // namespace dialtone
