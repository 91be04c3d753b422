#pragma once
#include <fmt/format.h>
#include <xxhash.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace weir {

/// The XXH3-128 hash of bytes that come in pieces.
class content_hash {
 public:
  content_hash() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
  }

  void add(std::string_view bytes) {
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
  }
  /// In hex.
  std::string text() const {
    const XXH128_hash_t h = XXH3_128bits_digest(state_.get());
    return fmt::format("{:016x}{:016x}", h.high64, h.low64);
  }

 private:
  struct cleanup {
    void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, cleanup> state_;
};

}  // namespace weir
