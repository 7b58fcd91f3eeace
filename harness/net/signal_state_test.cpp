#include "harness/net/signal_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace dialtone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Of a process; the masks are those of SIGTERM, which is 15.
std::string status(const std::string& state, bool pending, bool blocked, bool ignored,
                   bool caught) {
  const auto mask = [](bool set) {
    return std::string(set ? "0000000000004000\n" : "0000000000000000\n");
  };
  return "Name:\tx\nState:\t" + state + "\nSigQ:\t0/1\nSigPnd:\t0000000000000000\nShdPnd:\t" +
         mask(pending) + "SigBlk:\t" + mask(blocked) + "SigIgn:\t" + mask(ignored) + "SigCgt:\t" +
         mask(caught);
}

TEST(SignalStateTest, TellsWhatAProcessDoesAboutTheSignal) {
  const std::string sleeps = "S (sleeping)";
  const auto of = [&](bool pending, bool blocked, bool ignored, bool caught) {
    return describe_signal_state(status(sleeps, pending, blocked, ignored, caught), "do_epoll_wait",
                                 SIGTERM);
  };
  EXPECT_EQ(of(false, false, false, true), "it has a handler for SIGTERM, sleeps in do_epoll_wait");
  EXPECT_EQ(of(false, false, true, false), "it ignores SIGTERM, sleeps in do_epoll_wait");
  EXPECT_EQ(of(true, true, false, true), "it blocks SIGTERM, which waits, sleeps in do_epoll_wait");
  EXPECT_EQ(of(false, false, false, false),
            "it does nothing about SIGTERM, sleeps in do_epoll_wait");
}

TEST(SignalStateTest, TellsWhatItIsAt) {
  const auto at = [](const std::string& state, const std::string& wchan) {
    return describe_signal_state(status(state, false, false, true, false), wchan, SIGTERM);
  };
  EXPECT_EQ(at("R (running)", "0"), "it ignores SIGTERM, runs");
  EXPECT_EQ(at("T (stopped)", "0"), "it ignores SIGTERM, is stopped");
  EXPECT_EQ(at("D (disk sleep)", "0"), "it ignores SIGTERM, sleeps");
  EXPECT_EQ(at("Z (zombie)", ""), "it ignores SIGTERM, is in state Z (zombie)");
}

TEST(SignalStateTest, WhatIsNoStatusSaysNothing) {
  EXPECT_EQ(describe_signal_state("", "", SIGTERM), "");
  EXPECT_EQ(describe_signal_state("nonsense", "x", SIGTERM), "");
  EXPECT_EQ(signal_state_of(-1, SIGTERM), "");
}

TEST(SignalStateTest, OfThisProcess) {
  const auto before = std::signal(SIGUSR2, SIG_IGN);
  EXPECT_THAT(signal_state_of(::getpid(), SIGUSR2), StartsWith("it ignores SIGUSR2, "));
  std::signal(SIGUSR2, before);
  EXPECT_THAT(signal_state_of(::getpid(), SIGUSR2), HasSubstr("does nothing about SIGUSR2"));
}

}  // namespace
}  // namespace dialtone
