#pragma once
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "system.hpp"

namespace bench {

/// Reading in steps of this size measured fastest: a block is still in the L2 cache when it is
/// parsed.
inline constexpr std::size_t block_bytes = 256 * 1024;
inline constexpr std::size_t max_line_bytes = 1024 * 1024;
/// What simdjson may read past the end of a line.
inline constexpr std::size_t padding_bytes = 64;

/// One of `count` stretches of a file, cut at line ends so that together they are the file.
struct part {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

/// Reads a stretch of a file with read(2).
class file_input {
 public:
  explicit file_input(const char* path, part which = {}) : fd_(::open(path, O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail_call(path);
    struct stat status{};
    if (::fstat(fd_, &status) != 0) fail_call(path);
    if (which.count == 1) return;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t from = line_start(size * which.index / which.count, size);
    left_ = line_start(size * (which.index + 1) / which.count, size) - from;
    if (::lseek(fd_, static_cast<off_t>(from), SEEK_SET) < 0) fail_call("lseek");
  }
  file_input(const file_input&) = delete;
  file_input& operator=(const file_input&) = delete;
  ~file_input() { ::close(fd_); }

  /// Bytes read, 0 at the end.
  std::size_t read(std::span<char> into) {
    const std::size_t want = into.size() < left_ ? into.size() : static_cast<std::size_t>(left_);
    const ssize_t got = ::read(fd_, into.data(), want);
    if (got < 0) fail_call("read");
    left_ -= static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

  bool is_gzip() const {
    std::array<unsigned char, 2> magic{};
    return ::pread(fd_, magic.data(), magic.size(), 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  }

 private:
  /// The first start of a line at or after `at`.
  std::uint64_t line_start(std::uint64_t at, std::uint64_t size) const {
    if (at == 0 || at >= size) return at;
    std::array<char, 4096> some;
    for (std::uint64_t from = at - 1; from < size; from += some.size()) {
      const ssize_t got = ::pread(fd_, some.data(), some.size(), static_cast<off_t>(from));
      if (got <= 0) fail_call("pread");
      const auto* end = std::memchr(some.data(), '\n', static_cast<std::size_t>(got));
      if (end != nullptr) {
        return from + static_cast<std::uint64_t>(static_cast<const char*>(end) - some.data()) + 1;
      }
    }
    return size;
  }

  int fd_;
  std::uint64_t left_ = UINT64_MAX;
};

/// Inflates a gzip file of any number of members with ISA-L. A fault ends the program.
class gzip_input {
 public:
  explicit gzip_input(file_input& stored)
      : stored_(stored), state_(std::make_unique<inflate_state>()) {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
  }

  std::size_t read(std::span<char> into) {
    state_->next_out = reinterpret_cast<std::uint8_t*>(into.data());
    state_->avail_out = static_cast<std::uint32_t>(into.size());
    while (state_->avail_out != 0 && step()) {
    }
    return into.size() - state_->avail_out;
  }

 private:
  /// False at the end of the input.
  bool step() {
    if (state_->avail_in == 0) refill();
    if (state_->block_state == ISAL_BLOCK_FINISH) {
      if (state_->avail_in == 0) return false;
      isal_inflate_reset(state_.get());
      state_->crc_flag = ISAL_GZIP;
    }
    const bool starved = state_->avail_in == 0;
    const std::uint32_t room = state_->avail_out;
    if (isal_inflate(state_.get()) != ISAL_DECOMP_OK) fail("gzip: bad data");
    if (starved && room == state_->avail_out && state_->block_state != ISAL_BLOCK_FINISH) {
      fail("gzip: data ends early");
    }
    return true;
  }

  void refill() {
    if (stored_end_) return;
    const std::size_t got = stored_.read(in_);
    stored_end_ = got == 0;
    state_->next_in = reinterpret_cast<std::uint8_t*>(in_.data());
    state_->avail_in = static_cast<std::uint32_t>(got);
  }

  file_input& stored_;
  std::unique_ptr<inflate_state> state_;
  std::array<char, block_bytes> in_;
  bool stored_end_ = false;
};

/// Calls `fn(line)` for each line of `in`, without its line break. After a line `padding_bytes` may
/// be read. Nothing is copied but the piece of a line at the end of a block: it moves to just
/// before the place where the next block is read.
template <class Input, class Fn>
std::uint64_t each_line(Input& in, Fn fn) {
  const auto memory = std::make_unique<char[]>(max_line_bytes + block_bytes + padding_bytes);
  char* const block = memory.get() + max_line_bytes;
  std::uint64_t total_bytes = 0;
  std::size_t tail = 0;
  while (const std::size_t got = in.read({block, block_bytes})) {
    total_bytes += got;
    const char* const end = block + got;
    const char* line = block - tail;
    const char* from = block;
    while (const void* found = std::memchr(from, '\n', static_cast<std::size_t>(end - from))) {
      const char* const line_break = static_cast<const char*>(found);
      fn(std::string_view(line, static_cast<std::size_t>(line_break - line)));
      line = from = line_break + 1;
    }
    tail = static_cast<std::size_t>(end - line);
    if (tail > max_line_bytes) fail("a line is longer than 1 MiB");
    std::memmove(block - tail, line, tail);
  }
  if (tail != 0) fn(std::string_view(block - tail, tail));
  return total_bytes;
}

}  // namespace bench
