#include "harness/net/socket_owner.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "harness/net/listener.hpp"

namespace dialtone {
namespace {

TEST(SocketOwnerTest, IsTheProcessThatHoldsIt) {
  const auto listening = Listener::open(SocketAddress::loopback_ipv4(0), 1);
  ASSERT_TRUE(listening.ok()) << listening.error().text;
  struct stat status {};
  ASSERT_EQ(::fstat(listening.value().get(), &status), 0);
  const auto owner = owner_of(status.st_ino);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->pid, ::getpid());
  EXPECT_EQ(owner->name, std::string(program_invocation_short_name).substr(0, 15));
}

TEST(SocketOwnerTest, IsNobodyWhereNoProcessHoldsIt) { EXPECT_FALSE(owner_of(0)); }

}  // namespace
}  // namespace dialtone
