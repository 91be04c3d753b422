#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "net/request_limit.hpp"
#include "weir/memory.hpp"

namespace weir {

/// What is asked for in one request where an object is read in several.
inline constexpr std::uint64_t stretch_bytes = 8 << 20;

/// Whether an object of that size is read in several requests: it pays where there are some.
constexpr bool comes_in_stretches(std::uint64_t size_bytes, std::uint64_t prefetch_bytes) {
  return prefetch_bytes >= stretch_bytes && size_bytes >= 2 * stretch_bytes;
}

/// How much of large objects may be on its way ahead of who reads them, all objects of a source
/// together: so many stretches, each of which may take that much memory. Safe to use from several
/// threads.
class prefetch_room {
 public:
  /// `limit` outlives it.
  prefetch_room(std::uint64_t bytes, request_limit& limit) noexcept
      : bytes_(bytes), limit_(limit) {}

  struct giver_back {
    request_limit::turn turn = nullptr;
    void operator()(prefetch_room* to);
  };
  using place = std::unique_ptr<prefetch_room, giver_back>;

  /// What it has room for at most.
  std::uint64_t bytes() const noexcept { return bytes_; }
  /// Room for one more stretch, until the place goes; nullptr if there is none. Never more than a
  /// quarter of `ceiling`, and in its turn: no more at a time than the server bears.
  place try_take(const budget& ceiling);

 private:
  std::uint64_t bytes_;
  request_limit& limit_;
  std::mutex mutex_;  ///< guards taken_
  std::uint64_t taken_ = 0;
};

}  // namespace weir
