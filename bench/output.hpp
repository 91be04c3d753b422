#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "system.hpp"

namespace bench {

/// Gathers pieces of text and hands them to write(2) in large blocks.
class file_output {
 public:
  explicit file_output(const char* path)
      : fd_(::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail_call(path);
  }
  file_output(const file_output&) = delete;
  file_output& operator=(const file_output&) = delete;
  ~file_output() { ::close(fd_); }

  void put(std::string_view text) {
    if (text.size() > capacity - used_) [[unlikely]]
      flush();
    if (text.size() > capacity) [[unlikely]]
      return write_all(text);
    std::memcpy(memory_.get() + used_, text.data(), text.size());
    used_ += text.size();
  }

  /// Has to be called at the end: only so does a full disk become known.
  void flush() {
    write_all({memory_.get(), used_});
    used_ = 0;
  }

 private:
  static constexpr std::size_t capacity = 256 * 1024;

  void write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t done = ::write(fd_, text.data(), text.size());
      if (done < 0) fail_call("write");
      text.remove_prefix(static_cast<std::size_t>(done));
    }
  }

  int fd_;
  std::unique_ptr<char[]> memory_ = std::make_unique<char[]>(capacity);
  std::size_t used_ = 0;
};

}  // namespace bench
