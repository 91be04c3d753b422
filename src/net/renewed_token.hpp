#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "base/time.hpp"
#include "net/http_client.hpp"

namespace weir {

struct access_token {
  secret text;
  std::int64_t expires_ns;  ///< since 1970
};

/// An access token, fetched anew five minutes before it expires; one that is still good is used if
/// that fails. Safe to use from several threads.
class renewed_token {
 public:
  /// `fetch()` gives an http_result<access_token>.
  template <class Fetch>
  http_result<secret> get(http_client& client, Fetch fetch) {
    const std::lock_guard lock(mutex_);
    const auto now_ns = client.time().wall_ns();
    if (!known_ || known_->expires_ns - renew_before_ns <= now_ns) {
      http_result<access_token> fresh = fetch();
      const bool still_good = known_ && known_->expires_ns > now_ns;
      if (!fresh && !still_good) return std::unexpected(std::move(fresh.error()));
      if (fresh) known_ = std::move(*fresh);
    }
    return known_->text;
  }
  /// The server does not take it: the next `get` fetches another.
  void renew() {
    const std::lock_guard lock(mutex_);
    known_.reset();
  }

 private:
  static constexpr std::int64_t renew_before_ns = 300 * ns_per_second;

  std::mutex mutex_;  ///< guards what follows
  std::optional<access_token> known_;
};

}  // namespace weir
