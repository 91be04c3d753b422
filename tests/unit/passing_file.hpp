#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "base/disk.hpp"

namespace weir::test {

/// A file that hands every call on to another one: the base of those that do something else in one
/// of them.
class passing_file : public file {
 public:
  explicit passing_file(std::unique_ptr<file> to) : to_(std::move(to)) {}

  io_result<std::size_t> read(std::span<char> into) override { return to_->read(into); }
  io_result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) override {
    return to_->read_at(into, offset);
  }
  io_result<void> write(std::string_view bytes) override { return to_->write(bytes); }
  io_result<void> sync() override { return to_->sync(); }
  io_result<void> seek(std::uint64_t offset) override { return to_->seek(offset); }
  io_result<void> truncate(std::uint64_t length) override { return to_->truncate(length); }
  io_result<file_status> status() override { return to_->status(); }
  io_result<void> close() override { return to_->close(); }
  io_result<void> lock() override { return to_->lock(); }
  int wait_fd() const noexcept override { return to_->wait_fd(); }

 private:
  std::unique_ptr<file> to_;
};

}  // namespace weir::test
