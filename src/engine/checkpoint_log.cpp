#include "engine/checkpoint_log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/text_front.hpp"
#include "engine/log_lines.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

[[noreturn]] void cannot_use(const std::string& path, const io_error& why, std::string hint = {}) {
  throw error(exit_code::io, path + ": " + why.message(), std::move(hint));
}

template <class T>
T required(io_result<T> got, const std::string& path) {
  if (!got) cannot_use(path, got.error());
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

std::string line_of(std::string_view payload, std::string& last_sum) {
  last_sum = sum_of(last_sum, payload);
  return fmt::format("{} {}\n", last_sum, payload);
}

/// A short text from the front of a small file.
std::string front_of(file& from) {
  std::array<char, 64> bytes{};
  const auto got = from.read_at(bytes, 0);
  const std::string_view text{bytes.data(), got.value_or(0)};
  return std::string{first_line(text)};
}

}  // namespace

checkpoint_log::checkpoint_log(disk& files, std::string directory)
    : files_(files), directory_(std::move(directory)), path_(directory_ + "/log") {
  required(make_durable_directories(files_, directory_), directory_);
  lock_ = lock_state(files_, directory_);
  log_ = required(files_.open(path_, open_for::writing), path_);
  read();
  required(files_.sync_directory(directory_), directory_);
  // A run that was killed may have created the directory without that.
  if (payloads_.empty()) required(files_.sync_directory(directory_of(directory_)), directory_);
}

std::unique_ptr<file> lock_state(disk& files, const std::string& directory) {
  const std::string path = directory + "/lock";
  auto lock = required(files.open(path, open_for::writing), path);
  if (const auto taken = lock->lock(); !taken) {
    if (taken.error().code != EWOULDBLOCK) cannot_use(path, taken.error());
    throw error(
        exit_code::locked,
        fmt::format("{}: process {} is working with this state", directory, front_of(*lock)),
        "wait for it to end, or use another --state");
  }
  required(lock->truncate(0), path);
  required(lock->write(fmt::format("{}\n", ::getpid())), path);
  return lock;
}

std::string read_log_bytes(file& log, const std::string& path) {
  const auto status = required(log.status(), path);
  std::string bytes(status.size, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = required(log.read_at(std::span{bytes}.subspan(size), size), path);
    if (got == 0) break;
    size += got;
  }
  bytes.resize(size);
  return bytes;
}

void checkpoint_log::read() {
  const std::string bytes = read_log_bytes(*log_, path_);
  const log_reading found = read_log(bytes);
  if (found.lines_behind > 0) {
    throw error(exit_code::io,
                fmt::format("{}: damaged at byte {}, {} more lines behind it", path_,
                            found.good_bytes, found.lines_behind),
                fmt::format("`weir checkpoint inspect {0}` shows it, `weir checkpoint repair {0}` "
                            "goes back to what is before it",
                            directory_));
  }
  for (const std::string_view payload : found.payloads) payloads_.emplace_back(payload);
  last_sum_ = found.last_sum;
  size_bytes_ = found.good_bytes;
  cut_off_torn_write(std::string_view{bytes}.substr(0, size_bytes_));
}

// The last line goes in again, where it is: if its sync failed, the kernel holds it for durable
// although only memory has it, and no sync would write it before it is changed.
void checkpoint_log::cut_off_torn_write(std::string_view good) {
  const std::size_t line_before = good.empty() ? good.npos : good.rfind('\n', good.size() - 2);
  const std::size_t last = line_before == good.npos ? 0 : line_before + 1;
  required(log_->truncate(good.size()), path_);
  required(log_->seek(last), path_);
  required(log_->write(good.substr(last)), path_);
  required(log_->sync(), path_);
}

delivery checkpoint_log::append(std::string_view payload) {
  if (broken_) return std::unexpected(*broken_);
  std::string sum = last_sum_;
  const std::string line = line_of(payload, sum);
  if (const auto written = log_->write(line); !written) return refused(written.error());
  if (const auto synced = log_->sync(); !synced) return broken(synced.error());
  last_sum_ = std::move(sum);
  size_bytes_ += line.size();
  return {};
}

delivery checkpoint_log::rewrite(const std::vector<std::string>& payloads) {
  if (broken_) return std::unexpected(*broken_);
  std::string sum;
  std::string lines;
  for (const std::string& payload : payloads) lines += line_of(payload, sum);
  const std::string fresh = path_ + ".new";
  auto to = files_.open(fresh, open_for::writing);
  if (!to)
    return std::unexpected(delivery_error{.what = delivery_error::kind::refused,
                                          .message = fresh + ": " + to.error().message()});
  if (const delivery done = write(**to, lines); !done) return done;
  if (const auto moved = files_.rename(fresh, path_); !moved) return broken(moved.error());
  if (const auto synced = files_.sync_directory(directory_); !synced) {
    return broken(synced.error());
  }
  log_ = std::move(*to);
  last_sum_ = std::move(sum);
  size_bytes_ = lines.size();
  return {};
}

delivery checkpoint_log::write(file& to, std::string_view lines) {
  if (const auto cut = to.truncate(0); !cut) return broken(cut.error());
  if (const auto written = to.write(lines); !written) {
    return std::unexpected(delivery_error{.what = delivery_error::kind::refused,
                                          .message = path_ + ": " + written.error().message()});
  }
  if (const auto synced = to.sync(); !synced) return broken(synced.error());
  return {};
}

/// Nothing of an entry that was not written whole may stay: the next one goes behind the last good.
delivery checkpoint_log::refused(io_error why) {
  if (!why.is_full_disk() || !log_->truncate(size_bytes_) || !log_->seek(size_bytes_))
    return broken(why);
  return std::unexpected(delivery_error{.what = delivery_error::kind::refused,
                                        .message = path_ + ": " + why.message()});
}

delivery checkpoint_log::broken(io_error why) {
  broken_ = {.what = delivery_error::kind::broken, .message = path_ + ": " + why.message()};
  return std::unexpected(*broken_);
}

}  // namespace weir
