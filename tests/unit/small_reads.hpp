#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "unit/passing_file.hpp"

namespace weir::test {

/// The kernel's file system, whose reads give a few bytes each: any split of the input must give
/// the same records. With seed 0 they give what was asked for.
class small_reads final : public disk {
 public:
  explicit small_reads(std::uint64_t seed) : random_(seed), split_(seed != 0) {}

  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    auto opened = real_->open(path, why);
    if (!opened || !split_ || why != open_for::reading) return opened;
    const std::lock_guard alone(mutex_);
    return std::make_unique<split_file>(std::move(*opened), random_());
  }
  io_result<file_status> status(const std::string& path) override { return real_->status(path); }
  io_result<std::vector<std::string>> list(const std::string& directory) override {
    return real_->list(directory);
  }
  io_result<void> rename(const std::string& from, const std::string& to) override {
    return real_->rename(from, to);
  }
  io_result<void> remove(const std::string& path) override { return real_->remove(path); }
  io_result<void> make_directories(const std::string& path) override {
    return real_->make_directories(path);
  }
  io_result<void> sync_directory(const std::string& path) override {
    return real_->sync_directory(path);
  }

 private:
  class split_file final : public passing_file {
   public:
    split_file(std::unique_ptr<file> whole, std::uint64_t seed)
        : passing_file(std::move(whole)), random_(seed) {}

    io_result<std::size_t> read(std::span<char> into) override {
      return passing_file::read(into.first(std::min<std::size_t>(into.size(), 1 + random_() % 9)));
    }

   private:
    std::mt19937_64 random_;
  };

  std::unique_ptr<disk> real_ = real_disk();
  std::mutex mutex_;
  std::mt19937_64 random_;
  bool split_;
};

}  // namespace weir::test
