#include "harness/model/signal_name.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace dialtone {
namespace {

TEST(SignalNameTest, IsFoundWithAndWithoutItsPrefix) {
  EXPECT_EQ(find_signal("SIGTERM"), SIGTERM);
  EXPECT_EQ(find_signal("USR1"), SIGUSR1);
}

TEST(SignalNameTest, OtherNamesAreNone) {
  for (const auto* name : {"", "SIG", "sigterm", "SIGSIGTERM", "15", "TERM "}) {
    EXPECT_EQ(find_signal(name), std::nullopt) << name;
  }
}

TEST(SignalNameTest, EveryNamedSignalComesBack) {
  for (const int signal : {SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGSEGV, SIGTERM, SIGCHLD, SIGSTOP}) {
    EXPECT_EQ(find_signal(signal_name(signal)), signal);
  }
}

TEST(SignalNameTest, ANumberWithoutANameIsShownAsItIs) {
  EXPECT_EQ(signal_name(77), "signal 77");
  EXPECT_EQ(signal_name(0), "signal 0");
}

}  // namespace
}  // namespace dialtone
