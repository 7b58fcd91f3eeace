#include "harness/net/process_observation.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>

#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr pid_t kNobody = 0x7ffffff0;  // above the kernel's highest process id

/// A process in a group of its own that opens a descriptor whenever we write an octet to it, and
/// tells whether it could.
class Child {
 public:
  /// `act` runs in the child, before it waits for octets.
  explicit Child(const std::function<void()>& act = [] {}) {
    std::array<int, 2> orders{};
    std::array<int, 2> answers{};
    EXPECT_EQ(::pipe2(orders.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(answers.data(), O_CLOEXEC), 0);
    pid_ = ::fork();
    if (pid_ == 0) run(act, orders, answers);
    orders_.reset(orders[1]);
    answers_.reset(answers[0]);
    ::close(orders[0]);
    ::close(answers[1]);
    EXPECT_EQ(answer(), 'r');  // it has its own group by now
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  /// 'y': it opened one more; 'M': EMFILE.
  char open_one() {
    EXPECT_EQ(::write(orders_.get(), "o", 1), 1);
    return answer();
  }

 private:
  [[noreturn]] static void run(const std::function<void()>& act, const std::array<int, 2>& orders,
                               const std::array<int, 2>& answers) {
    ::setpgid(0, 0);
    act();
    char octet = 'r';
    [[maybe_unused]] auto done = ::write(answers[1], &octet, 1);
    while (::read(orders[0], &octet, 1) == 1) {
      octet = ::open("/dev/null", O_RDONLY) >= 0 ? 'y' : errno == EMFILE ? 'M' : '?';
      done = ::write(answers[1], &octet, 1);
    }
    ::_exit(0);
  }

  char answer() {
    char octet = '?';
    EXPECT_EQ(::read(answers_.get(), &octet, 1), 1);
    return octet;
  }

  pid_t pid_ = -1;
  UniqueFd orders_;
  UniqueFd answers_;
};

/// Polls for 30 s at most.
bool comes_true(const std::function<bool()>& settled) {
  const auto give_up = Clock::now() + seconds(30);
  while (!settled()) {
    if (Clock::now() >= give_up) return false;
    ::usleep(1000);
  }
  return true;
}

[[noreturn]] void spin() {
  while (true) {
  }
}

TEST(ProcessStatTest, TheTimesOfTheProcessAndOfItsChildrenAreAddedUp) {
  const auto stat = parse_process_stat(
      "12 (a) R 1 9 ) b) S 1 34 34 0 -1 4194560 107 0 0 0 100 20 3 4 20 0 1 0 1\n", 100);
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->group, 34);
  EXPECT_EQ(stat->processor_time, milliseconds(1270));
  EXPECT_FALSE(stat->exiting);
}

TEST(ProcessStatTest, OneThatEndsIsExiting) {
  const auto stat = parse_process_stat("12 (cat) Z 1 34 34 0 -1 4228356 1 0 0 0 1 2 3 4 20", 100);
  ASSERT_TRUE(stat.has_value());
  EXPECT_TRUE(stat->exiting);
}

TEST(ProcessStatTest, WhatIsMalformedIsNone) {
  for (const auto* text : {"", "12", "12 (cat)", "12 (cat) S 1 34", "12 (cat) S 1 34 0 0 0 0 0 0 0",
                           "12 (cat) S 1 34 34 0 -1 x 1 0 0 0 1 2 3 4 20",
                           "12 (cat) SS 1 34 34 0 -1 4 1 0 0 0 1 2 3 4 20",
                           "12 (cat) S 1 34 34 0 -1 4 1 0 0 0 1 2 x 4 20",
                           "12 (cat) S 1 x 34 0 -1 4 1 0 0 0 1 2 3 4 20"}) {
    EXPECT_FALSE(parse_process_stat(text, 100).has_value()) << text;
  }
  EXPECT_FALSE(parse_process_stat("12 (cat) S 1 34 34 0 -1 4 1 0 0 0 1 2 3 4 20", 0).has_value());
}

TEST(DescriptorsOfGroupTest, EachOneThatIsOpenedIsCounted) {
  Child child;
  const auto before = descriptors_of_group(child.pid());
  ASSERT_TRUE(before.ok()) << before.error().text;
  EXPECT_EQ(child.open_one(), 'y');
  EXPECT_EQ(descriptors_of_group(child.pid()).value(), before.value() + 1);
}

TEST(DescriptorsOfGroupTest, ThoseOfItsChildrenAreCountedToo) {
  const Child alone;
  const Child parent([] {
    if (::fork() == 0) {
      while (true) ::pause();
    }
  });
  EXPECT_GT(descriptors_of_group(parent.pid()).value(),
            descriptors_of_group(alone.pid()).value() + 2);
}

TEST(DescriptorsOfGroupTest, AGroupOfNobodyHasNone) {
  const auto count = descriptors_of_group(kNobody);
  ASSERT_FALSE(count.ok());
  EXPECT_EQ(count.error().code, ESRCH);
}

TEST(RunningMembersTest, AZombieDoesNotRun) {
  const Child child;
  EXPECT_THAT(running_members(child.pid()), ElementsAre(child.pid()));
  ::kill(child.pid(), SIGKILL);
  EXPECT_TRUE(comes_true([&] { return running_members(child.pid()).empty(); }));
}

TEST(IsStoppedTest, StopAndContinueAreSeen) {
  const Child child;
  EXPECT_FALSE(is_stopped(child.pid()));
  ::kill(child.pid(), SIGSTOP);
  EXPECT_TRUE(comes_true([&] { return is_stopped(child.pid()); }));
  ::kill(child.pid(), SIGCONT);
  EXPECT_TRUE(comes_true([&] { return !is_stopped(child.pid()); }));
  EXPECT_FALSE(is_stopped(kNobody));
}

TEST(IsExitingTest, OneThatHasEndedIsSeenBeforeItIsReaped) {
  const Child child;
  EXPECT_FALSE(is_exiting(child.pid()));
  ::kill(child.pid(), SIGKILL);
  EXPECT_TRUE(comes_true([&] { return is_exiting(child.pid()); }));
  EXPECT_FALSE(is_exiting(kNobody));
}

TEST(ProcessorUseTest, OneThatSpinsUsesTimeAndOneThatWaitsDoesNot) {
  const Child idle;
  const Child busy([] {
    if (::fork() == 0) spin();  // a worker of the group
  });
  const auto idle_before = processor_use(idle.pid());
  const auto before = processor_use(busy.pid());
  EXPECT_TRUE(comes_true(
      [&] { return processor_use(busy.pid()).used - before.used >= milliseconds(200); }));
  EXPECT_LE(processor_use(idle.pid()).used - idle_before.used, milliseconds(20));
}

TEST(ProcessorUseTest, OneThatMayNotRunIsSeenToWait) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  const auto share = [&] {
    ::sched_setaffinity(0, sizeof one, &one);
    for (int i = 0; i < 3; ++i) {
      if (::fork() == 0) spin();
    }
  };
  const Child crowd(share);  // four of them want one processor
  if (processor_use(::getpgrp()).waited == Duration::zero()) GTEST_SKIP() << "no schedstat here";
  EXPECT_TRUE(comes_true([&] {
    const auto use = processor_use(crowd.pid());
    return use.used >= milliseconds(100) && use.waited >= milliseconds(100);
  }));
}

TEST(DescriptorLimitsTest, ExactlySoMuchRoomIsLeft) {
  Child child;
  DescriptorLimits limits;
  EXPECT_EQ(limits.leave_room(child.pid(), 2), std::nullopt);
  EXPECT_EQ(child.open_one(), 'y');
  EXPECT_EQ(child.open_one(), 'y');
  EXPECT_EQ(child.open_one(), 'M');
  EXPECT_EQ(limits.restore(), std::nullopt);
  EXPECT_EQ(child.open_one(), 'y');
}

// A limit bounds the numbers of descriptors, not how many there are.
TEST(DescriptorLimitsTest, GapsAreRoom) {
  Child child([] { ::dup2(0, 500); });
  DescriptorLimits limits;
  EXPECT_EQ(limits.leave_room(child.pid(), 1), std::nullopt);
  EXPECT_EQ(child.open_one(), 'y');
  EXPECT_EQ(child.open_one(), 'M');
}

TEST(DescriptorLimitsTest, NoRoomIsPossible) {
  Child child;
  DescriptorLimits limits;
  EXPECT_EQ(limits.leave_room(child.pid(), 0), std::nullopt);
  EXPECT_EQ(child.open_one(), 'M');
}

TEST(DescriptorLimitsTest, TheFirstLimitIsTheOneThatComesBack) {
  Child child;
  DescriptorLimits limits;
  rlimit first{};
  ASSERT_EQ(::prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &first), 0);
  EXPECT_EQ(limits.set(child.pid(), 3), std::nullopt);
  EXPECT_EQ(limits.set(child.pid(), 7), std::nullopt);
  rlimit now{};
  ASSERT_EQ(::prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &now), 0);
  EXPECT_EQ(now.rlim_cur, 7U);
  EXPECT_EQ(now.rlim_max, first.rlim_max);
  EXPECT_EQ(limits.restore(), std::nullopt);
  ASSERT_EQ(::prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &now), 0);
  EXPECT_EQ(now.rlim_cur, first.rlim_cur);
}

TEST(DescriptorLimitsTest, AGroupOfNobodyCannotBeLimited) {
  DescriptorLimits limits;
  EXPECT_THAT(limits.leave_room(kNobody, 2), Optional(::testing::Field(&OsError::code, ESRCH)));
  EXPECT_THAT(limits.set(kNobody, 2), Optional(::testing::Field(&OsError::code, ESRCH)));
  EXPECT_EQ(limits.restore(), std::nullopt);
}

}  // namespace
}  // namespace dialtone
