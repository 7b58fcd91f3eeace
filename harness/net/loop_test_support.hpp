#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "harness/net/connection.hpp"
#include "harness/net/loop.hpp"
#include "harness/net/unique_fd.hpp"

/// For tests of what waits on a loop.
namespace dialtone {

class LoopTest : public ::testing::Test {
 protected:
  LoopTest() { loop.stalls().start(); }
  ~LoopTest() override {
    loop.shutdown();
    context_.reset();  // before the loop: what its coroutines hold needs that
  }

  /// Runs the loop until the task is done; fails after 30 s.
  void run(Task<> task) {
    bool done = false;
    asio::co_spawn(loop.executor(), std::move(task), [&](const std::exception_ptr& error) {
      EXPECT_FALSE(error);
      done = true;
    });
    const auto give_up = Clock::now() + std::chrono::seconds(30);
    while (!done && Clock::now() < give_up) context_->run_one_until(give_up);
    ASSERT_TRUE(done);
  }

  template <class T>
  T get(Task<T> task) {
    std::optional<T> result;
    const auto store = [&]() -> Task<> { result = co_await std::move(task); };
    run(store());
    return std::move(*result);
  }

  Deadline in(Duration budget) { return {loop, budget}; }

  /// Called by the loop once the task that is run next waits.
  void then(std::function<void()> act) {
    asio::post(loop.executor(), [this, act = std::move(act)] { asio::post(loop.executor(), act); });
  }

  /// Blocks the loop's thread in a handler once the task that is run next waits.
  void stall(std::chrono::milliseconds length) {
    then(
        [length] { ::usleep(static_cast<useconds_t>(std::chrono::microseconds(length).count())); });
  }

 private:
  std::unique_ptr<asio::io_context> context_ = std::make_unique<asio::io_context>();

 public:
  Loop loop{*context_};
};

/// Two ends of one TCP connection on this host.
struct TcpPair {
  TcpPair() {
    const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto any = SocketAddress::loopback_ipv4(0);
    EXPECT_EQ(::bind(listener.get(), any.data(), any.size()), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    const auto address = SocketAddress::local_of(listener.get()).value();
    ours.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(ours.get(), address.data(), address.size()), 0);
    theirs.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    EXPECT_TRUE(theirs);
  }

  void say(std::string_view octets) const {
    EXPECT_EQ(::send(theirs.get(), octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
  void reset() {
    const linger now{1, 0};
    ::setsockopt(theirs.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    theirs.reset();
  }

  UniqueFd ours;
  UniqueFd theirs;
};

}  // namespace dialtone
