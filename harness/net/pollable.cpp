#include "harness/net/pollable.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <asio/async_result.hpp>
#include <asio/post.hpp>
#include <tuple>
#include <utility>

namespace dialtone {

class Pollable::Waiter {
 public:
  virtual ~Waiter() = default;
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  virtual void complete(bool ready) = 0;
};

template <class Handler>
class Pollable::WaiterOf : public Waiter {
 public:
  explicit WaiterOf(Handler handler) : handler_(std::move(handler)) {}
  void complete(bool ready) override { std::move(handler_)(ready); }

 private:
  Handler handler_;
};

namespace {

std::uint32_t events_of(Pollable::For what) {
  switch (what) {
    case Pollable::For::kReading: return EPOLLIN;
    case Pollable::For::kWriting: return EPOLLOUT;
    case Pollable::For::kEither: break;
  }
  return EPOLLIN | EPOLLOUT;
}

}  // namespace

Pollable::Pollable(Loop& loop, UniqueFd fd) : loop_(&loop), fd_(fd.release()) {}

Pollable::~Pollable() { close(); }

void Pollable::close() {
  if (fd_ < 0) return;
  if (slot_) loop_->deadlines().disarm(*slot_);
  if (watched_ != 0) loop_->poller().remove(*this);
  ::close(fd_);
  fd_ = -1;
  tell_nothing_came();
}

void Pollable::interrupt() {
  if (!is_open() || !waiter_) return;
  loop_->deadlines().disarm(*slot_);
  tell_nothing_came();
}

void Pollable::tell_nothing_came() {
  if (!waiter_) return;
  // Not from here: the one who closes may be in the midst of things that the one who waits would
  // change.
  asio::post(loop_->executor(), [waiter = std::move(waiter_)] { waiter->complete(false); });
}

void Pollable::complete(bool ready) {
  if (!waiter_) return;
  loop_->deadlines().disarm(*slot_);
  const auto waiter = std::move(waiter_);
  waiter->complete(ready);
}

void Pollable::on_error(std::function<void()> act) {
  on_error_ = std::move(act);
  if (has_erred_) on_error_();
}

void Pollable::wake(std::uint32_t events) {
  if ((events & EPOLLERR) != 0) {
    has_erred_ = true;
    if (on_error_) on_error_();
  }
  constexpr std::uint32_t always = EPOLLERR | EPOLLHUP;
  const std::uint32_t wanted = events_of(waits_for_);
  const bool is_ending = waits_for_ != For::kWriting && (events & EPOLLRDHUP) != 0;
  if (is_ending || (events & (wanted | always)) != 0) complete(true);
}

void Pollable::forget_waiter() {
  const auto forgotten =
      std::move(waiter_);  // its coroutine may own this object: nothing of it after this
}

Task<bool> Pollable::wait(For what, TimePoint deadline) {
  if (!is_open()) co_return false;
  waits_for_ = what;
  const std::uint32_t wanted = events_of(what);
  if (!slot_) slot_ = std::make_shared<DeadlineQueue::Slot>([this] { complete(false); });
  loop_->deadlines().arm(slot_, deadline);
  auto token = kAwait;
  const auto [ready] = co_await asio::async_initiate<decltype(token), void(bool)>(
      [this, wanted](auto handler) {
        waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
        if ((watched_ & wanted) == wanted) return;
        watched_ |= wanted;
        loop_->poller().watch(*this, watched_);
      },
      token);
  co_return ready;
}

}  // namespace dialtone
