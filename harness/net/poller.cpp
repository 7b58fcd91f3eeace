#include "harness/net/poller.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/net/pollable.hpp"

namespace dialtone {
namespace {

std::uint64_t key_of(int fd, std::uint32_t generation) {
  return static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

Poller::Poller(const Executor& executor) : set_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!set_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  const int copy = ::fcntl(set_.get(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "fcntl");
  outer_.emplace(executor, copy);
}

void Poller::watch(Pollable& pollable, std::uint32_t events) {
  const auto fd = pollable.fd();
  const auto index = static_cast<std::size_t>(fd);
  if (index >= entries_.size()) entries_.resize(index + 64);
  auto& entry = entries_[index];
  const bool known = entry.pollable == &pollable;
  if (!known) entry = {&pollable, entry.generation + 1};
  epoll_event event{};
  event.events = events | EPOLLET | EPOLLRDHUP;
  event.data.u64 = key_of(fd, entry.generation);
  if (::epoll_ctl(set_.get(), known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  if (!armed_) arm();
}

void Poller::remove(const Pollable& pollable) {
  // The close that follows takes the descriptor out of the set: nobody else holds it.
  const auto index = static_cast<std::size_t>(pollable.fd());
  if (index < entries_.size() && entries_[index].pollable == &pollable)
    entries_[index].pollable = nullptr;
}

void Poller::arm() {
  if (!outer_) return;
  armed_ = true;
  outer_->async_wait(asio::posix::descriptor_base::wait_read,
                     [this](const asio::error_code& error) {
                       armed_ = false;
                       if (error) return;
                       collect();
                       if (!armed_) arm();
                     });
}

void Poller::collect() {
  const int count = ::epoll_wait(set_.get(), events_.data(), static_cast<int>(events_.size()), 0);
  for (int i = 0; i < count; ++i) deliver(events_[static_cast<std::size_t>(i)]);
}

void Poller::deliver(const epoll_event& event) {
  const auto index = static_cast<std::size_t>(event.data.u64 & 0xffffffffU);
  const auto generation = static_cast<std::uint32_t>(event.data.u64 >> 32);
  auto& entry = entries_[index];
  // What an earlier event of this batch woke may have closed it, and opened another under its
  // number.
  if (entry.pollable == nullptr || entry.generation != generation) return;
  entry.pollable->wake(event.events);
}

void Poller::shutdown() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].pollable != nullptr) entries_[i].pollable->forget_waiter();
  }
  outer_.reset();
}

}  // namespace dialtone
