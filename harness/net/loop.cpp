#include "harness/net/loop.hpp"

namespace dialtone {

Task<> Loop::sleep_until(TimePoint when) {
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> timer(executor_);
  timer.expires_at(when);
  co_await timer.async_wait(kAwait);
}

}  // namespace dialtone
