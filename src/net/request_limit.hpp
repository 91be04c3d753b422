#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace weir {

/// How many objects, and ranges of them, a server is to be asked for at the same time. Additive
/// increase, multiplicative decrease: one more for every round of answers, half as many when it
/// says that there are too many. Safe to use from several threads.
class request_limit {
 public:
  /// It begins with `most`, at least 1, and never goes beyond.
  explicit request_limit(std::size_t most);

  struct giver_back {
    void operator()(request_limit* to) const;
  };
  using turn = std::unique_ptr<request_limit, giver_back>;

  /// At present; at least 1.
  std::size_t now() const;
  /// To be held while an object or a range is read; nullptr if as many are held as may be at
  /// present.
  turn try_take();

  /// To be kept with each request that is sent.
  std::uint64_t round() const;
  /// A request was answered well.
  void went_well();
  /// A request of that round was turned away. Those that were on their way together lower the limit
  /// once.
  void was_too_much(std::uint64_t round);

 private:
  mutable std::mutex mutex_;
  const double most_;
  double limit_;
  std::size_t taken_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace weir
