#include "harness/net/process_sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr pid_t kNobody = 0x7ffffff0;  // above the kernel's highest process id

UniqueFd listener() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = SocketAddress::loopback_ipv4(0);
  EXPECT_EQ(::bind(fd.get(), address.data(), address.size()), 0);
  EXPECT_EQ(::listen(fd.get(), 1), 0);
  return fd;
}

std::uint64_t inode_of(const UniqueFd& fd) {
  struct stat about {};
  EXPECT_EQ(::fstat(fd.get(), &about), 0);
  return about.st_ino;
}

/// A process in a group of its own that holds copies of our descriptors until it is destroyed.
class Holder {
 public:
  Holder() : pid_(::fork()) {
    if (pid_ == 0) {
      while (true) ::pause();
    }
    EXPECT_EQ(::setpgid(pid_, pid_), 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(SocketInodesTest, OpenSocketsAreListedAndClosedOnesAreNot) {
  auto fd = listener();
  const auto inode = inode_of(fd);
  const auto before = socket_inodes(::getpid());
  ASSERT_TRUE(before.ok());
  EXPECT_THAT(before.value(), Contains(inode));
  fd.reset();
  const auto after = socket_inodes(::getpid());
  ASSERT_TRUE(after.ok());
  EXPECT_THAT(after.value(), Not(Contains(inode)));
}

TEST(SocketInodesTest, MissingProcessIsAnError) {
  const auto inodes = socket_inodes(kNobody);
  ASSERT_FALSE(inodes.ok());
  EXPECT_EQ(inodes.error().code, ENOENT);
}

TEST(ListenerOfTest, ListenerThatAMemberHoldsIsFound) {
  auto table = SocketTable::open();
  if (!table.ok()) GTEST_SKIP() << table.error().text;
  auto fd = listener();
  const auto port = SocketAddress::local_of(fd.get())->port();
  const auto inode = inode_of(fd);
  const Holder holder;
  fd.reset();  // only the holder has it now
  for (const std::uint16_t wanted : {port, std::uint16_t{0}}) {
    const auto row = listener_of(table.value(), holder.pid(), wanted);
    ASSERT_TRUE(row.ok()) << row.error().text;
    ASSERT_TRUE(row.value());
    EXPECT_EQ(row.value()->local.port(), port);
    EXPECT_EQ(row.value()->inode, inode);
  }
}

TEST(ListenerOfTest, ListenerOfAnotherGroupIsNotTaken) {
  auto table = SocketTable::open();
  if (!table.ok()) GTEST_SKIP() << table.error().text;
  const Holder holder;
  const auto fd = listener();  // after the fork: the holder has no copy
  const auto port = SocketAddress::local_of(fd.get())->port();
  const auto row = listener_of(table.value(), holder.pid(), port);
  ASSERT_TRUE(row.ok());
  EXPECT_FALSE(row.value());
}

TEST(GroupMembersTest, ListsTheProcessesOfTheGroupAlone) {
  const Holder holder;
  EXPECT_THAT(group_members(holder.pid()), ::testing::ElementsAre(holder.pid()));
  EXPECT_THAT(group_members(::getpgrp()), Contains(::getpid()));
  EXPECT_THAT(group_members(kNobody), IsEmpty());
}

TEST(GroupInStatTest, GroupIsReadBehindTheProgramsName) {
  EXPECT_EQ(group_in_stat("12 (cat) S 1 34 56 0 -1"), 34);
  EXPECT_EQ(group_in_stat("12 (a) R 1 9 ) b) S 1 34 56 0"), 34);
  EXPECT_EQ(group_in_stat("12 (cat) S 1 34"), 34);
}

TEST(GroupInStatTest, MalformedStatHasNoGroup) {
  for (const auto* text : {"", "12", "12 (cat)", "12 (cat) S", "12 (cat) S 1", "12 (cat) S 1 x 2"})
    EXPECT_EQ(group_in_stat(text), std::nullopt) << text;
}

}  // namespace
}  // namespace dialtone
