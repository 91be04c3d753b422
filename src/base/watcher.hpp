#pragma once
#include <string>
#include <vector>

namespace weir {

/// Tells which files and directories changed, so that nobody has to look at all of them again and
/// again (inotify(7)). It sees what this machine does, not what others do on a network file system.
/// One thread at a time; never waits: that is done on `fd`.
class watcher {
 public:
  struct change {
    int id;        ///< as `watch` gave it; -1 if changes were lost: anything may have changed
    bool content;  ///< bytes were written or cut off; else a name came, went, or moved
  };

  watcher();
  ~watcher();
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;

  /// Watches the content and the fate of a file; follows links. The same file gives the same
  /// number. -1 if it cannot be watched: it is gone, or the kernel has no more room.
  int watch_file(const std::string& path);
  /// Watches the names in a directory.
  int watch_directory(const std::string& path);
  void forget(int id) noexcept;
  /// The changes since it was last asked.
  std::vector<change> changes();

  /// Readable while there are changes; -1 where inotify is not to be had.
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace weir
