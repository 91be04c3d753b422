#pragma once
#include <vector>

namespace weir {

/// Descriptors that a library wants watched, as the one descriptor that `clock` waits on
/// (epoll(7)). Never waits itself. One thread at a time.
class poll_set {
 public:
  struct ready {
    int fd;
    bool readable;
    bool writable;
    bool failed;  ///< an error or a hang-up: the next read or write tells which
  };

  poll_set();
  ~poll_set();
  poll_set(const poll_set&) = delete;
  poll_set& operator=(const poll_set&) = delete;

  /// From now on watches `fd` for this and nothing else.
  void watch(int fd, bool readable, bool writable);
  void forget(int fd) noexcept;
  /// What is ready now, at most 64 of them; those that stay ready come again.
  std::vector<ready> take_ready();

  /// Readable while any of them is ready.
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace weir
