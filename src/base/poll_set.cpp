#include "base/poll_set.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>

namespace weir {

poll_set::poll_set() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
}

poll_set::~poll_set() {
  ::close(fd_);
}

void poll_set::watch(int fd, bool readable, bool writable) {
  epoll_event wanted{};
  wanted.events =
      (readable ? std::uint32_t{EPOLLIN} : 0u) | (writable ? std::uint32_t{EPOLLOUT} : 0u);
  wanted.data.fd = fd;
  if (::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &wanted) == 0) return;
  if (errno == EEXIST && ::epoll_ctl(fd_, EPOLL_CTL_MOD, fd, &wanted) == 0) return;
  throw std::system_error(errno, std::generic_category(), "epoll");
}

void poll_set::forget(int fd) noexcept {
  ::epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr);
}

std::vector<poll_set::ready> poll_set::take_ready() {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(fd_, events.data(), static_cast<int>(events.size()), 0);
  std::vector<ready> all;
  for (int i = 0; i < count; ++i) {
    const epoll_event& e = events[static_cast<std::size_t>(i)];
    all.push_back({e.data.fd, (e.events & EPOLLIN) != 0, (e.events & EPOLLOUT) != 0,
                   (e.events & (EPOLLERR | EPOLLHUP)) != 0});
  }
  return all;
}

}  // namespace weir
