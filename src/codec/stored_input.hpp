#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/chunk.hpp"

namespace weir {

/// A byte stream as a decoder reads it: what has been fetched and not yet used, as one view.
class stored_input {
 public:
  stored_input(byte_stream from, std::shared_ptr<block_pool> pool) noexcept
      : from_(std::move(from)), pool_(std::move(pool)) {}

  /// Asks upstream once. What is left unused is joined with what comes by copying, so leave little.
  /// False if only time came.
  bool fetch(const pull& wanted);
  /// Nothing follows `rest()`.
  bool ended() const noexcept { return ended_; }

  std::string_view rest() const noexcept { return rest_; }
  void use(std::size_t bytes) noexcept {
    rest_.remove_prefix(bytes);
    if (rest_.empty()) memory_ = nullptr;
  }
  /// Stored bytes before `rest()`.
  std::uint64_t offset() const noexcept { return fetched_ - rest_.size(); }
  /// What keeps `rest()` alive.
  const std::shared_ptr<const block>& memory() const noexcept { return memory_; }
  /// Why upstream broke off, if it did.
  const std::optional<byte_fault>& fault() const noexcept { return fault_; }
  /// The stream itself, for who reads on without a decoder.
  byte_stream& upstream() noexcept { return from_; }

 private:
  void join(const chunk& next);

  byte_stream from_;
  std::shared_ptr<block_pool> pool_;
  std::string_view rest_;
  std::shared_ptr<const block> memory_;
  std::optional<byte_fault> fault_;
  std::uint64_t fetched_ = 0;
  bool ended_ = false;
};

}  // namespace weir
