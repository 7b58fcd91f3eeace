#include "harness/net/observed_processes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/net/unique_fd.hpp"

namespace dialtone {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

/// A listening socket of a process of its own, in our process group, as a script's programs are in
/// one.
class ForkedServer {
 public:
  /// `workers`: processes that it has forked, which have closed the listening socket.
  explicit ForkedServer(int workers = 0) {
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto any = SocketAddress::loopback_ipv4(0);
    EXPECT_EQ(::bind(listener.get(), any.data(), any.size()), 0);
    EXPECT_EQ(::listen(listener.get(), 8), 0);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    EXPECT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&bound), &size), 0);
    address_ = SocketAddress::loopback_ipv4(ntohs(bound.sin_port));
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    pid_ = ::fork();
    if (pid_ == 0) serve(workers, listener, ready[1]);
    char octet = 0;
    for (int i = 0; i <= workers; ++i) EXPECT_EQ(::read(ready[0], &octet, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~ForkedServer() { end(); }
  ForkedServer(const ForkedServer&) = delete;
  ForkedServer& operator=(const ForkedServer&) = delete;

  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  pid_t pid() const { return pid_; }
  const SocketAddress& address() const { return *address_; }

 private:
  [[noreturn]] static void serve(int workers, UniqueFd& listener, int ready) {
    static pid_t group[8];
    static int count = 0;
    for (int i = 0; i < workers; ++i) {
      group[count] = ::fork();
      if (group[count++] != 0) continue;
      listener.reset();
      static_cast<void>(!::write(ready, "x", 1));
      while (true) ::pause();
    }
    std::signal(SIGTERM, [](int) {
      for (int i = 0; i < count; ++i) ::kill(group[i], SIGKILL);
      ::_exit(0);
    });
    static_cast<void>(!::write(ready, "x", 1));
    while (true) ::pause();
  }

  pid_t pid_ = 0;
  std::optional<SocketAddress> address_;
};

TEST(ObservedProcessesTest, TheOneThatListensIsFoundAndNobodyElseOfItsGroup) {
  const ForkedServer server;
  const auto observed = ObservedProcesses::at(server.address());
  ASSERT_TRUE(observed);
  EXPECT_EQ(::getpgid(server.pid()), ::getpgrp());
  EXPECT_THAT(observed->running(), ElementsAre(server.pid()));
  EXPECT_EQ(observed->descriptors().value(), open_descriptors({server.pid()}).value());
  EXPECT_THAT(observed->name(), ::testing::StartsWith(fmt::format("process {} (", server.pid())));
}

TEST(ObservedProcessesTest, WhatItHasLaunchedBelongsToIt) {
  const ForkedServer server(2);
  const auto observed = ObservedProcesses::at(server.address());
  ASSERT_TRUE(observed);
  EXPECT_THAT(observed->running(), SizeIs(3));
  EXPECT_THAT(observed->running(), Contains(server.pid()));
  EXPECT_THAT(observed->running(), Not(Contains(::getpid())));
}

TEST(ObservedProcessesTest, OneThatHasEndedRunsNoMore) {
  ForkedServer server;
  const auto observed = ObservedProcesses::at(server.address());
  ASSERT_TRUE(observed);
  server.end();
  EXPECT_THAT(observed->running(), ::testing::IsEmpty());
  EXPECT_FALSE(observed->descriptors().ok());
  EXPECT_FALSE(ObservedProcesses::at(server.address()));
}

TEST(ObservedProcessesTest, OurOwnListenerIsNobodysServer) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(listener.get(), 8), 0);  // the kernel chooses the port
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&bound), &size), 0);
  const auto address = SocketAddress::loopback_ipv4(ntohs(bound.sin_port));
  EXPECT_THAT(listener_inodes(address), SizeIs(1));
  EXPECT_FALSE(ObservedProcesses::at(address));
}

TEST(ObservedProcessesTest, WhereNobodyListensThereIsNothingToLookAt) {
  EXPECT_FALSE(ObservedProcesses::at(SocketAddress::loopback_ipv4(1)));
  EXPECT_FALSE(ObservedProcesses::at(*SocketAddress::parse("unix:/no/such/socket")));
}

}  // namespace
}  // namespace dialtone
