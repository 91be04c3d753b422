#include "base/watcher.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weir {

watcher::watcher() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

watcher::~watcher() {
  if (fd_ >= 0) ::close(fd_);
}

int watcher::watch_file(const std::string& path) {
  return ::inotify_add_watch(fd_, path.c_str(),
                             IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
}

int watcher::watch_directory(const std::string& path) {
  return ::inotify_add_watch(fd_, path.c_str(),
                             IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR);
}

void watcher::forget(int id) noexcept {
  if (id >= 0) ::inotify_rm_watch(fd_, id);
}

std::vector<watcher::change> watcher::changes() {
  std::vector<change> all;
  std::array<char, 16384> buffer;
  ssize_t size = 0;
  while ((size = ::read(fd_, buffer.data(), buffer.size())) > 0) {
    for (const char* at = buffer.data(); at < buffer.data() + size;) {
      inotify_event event;
      std::memcpy(&event, at, sizeof event);
      at += sizeof event + event.len;
      if ((event.mask & IN_IGNORED) == 0) all.push_back({event.wd, (event.mask & IN_MODIFY) != 0});
    }
  }
  return all;
}

}  // namespace weir
