#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include "harness/net/loop_test_support.hpp"
#include "harness/net/process.hpp"

namespace dialtone {
namespace {

class ProcessesTest : public LoopTest {
 protected:
  /// Programs that end by themselves, one after another; each is thrown away as soon as it has.
  Task<> one_after_another(int count) {
    for (int i = 0; i < count; ++i) {
      Command command;
      command.argv = {"/bin/sh", "-c", i % 2 == 0 ? "echo x" : "exit 3"};
      auto process = co_await Process::launch(loop, std::move(command));
      if (!process.ok()) co_return;
      const bool ended = co_await process.value().wait_exit(Clock::now() + std::chrono::hours(1));
      if (!ended) co_return;
    }
    ++finished;
  }

  int finished = 0;
};

// Asio may take the readiness of a descriptor that was just closed for that of a new one in its
// place. The watch over a process once ended with the first such word, and its end went unseen.
TEST_F(ProcessesTest, NoEndIsMissedWhereOthersComeAndGo) {
  constexpr int kAtOnce = 8;
  for (int i = 0; i < kAtOnce; ++i)
    asio::co_spawn(loop.executor(), one_after_another(40), asio::detached);
  const auto wait = [this]() -> Task<> {
    while (finished < kAtOnce)
      co_await loop.sleep_until(Clock::now() + std::chrono::milliseconds(5));
  };
  run(wait());
}

}  // namespace
}  // namespace dialtone
