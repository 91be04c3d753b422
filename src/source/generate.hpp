#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "source/pace.hpp"
#include "source/shapes.hpp"
#include "weir/source.hpp"

namespace weir {

struct generate_options {
  std::optional<std::uint64_t> count;
  std::string shape = "gateway";
  std::uint64_t seed = 1;
  double rate = 0;
  double malformed = 0;
  std::chrono::nanoseconds every = std::chrono::milliseconds{2};
};

/// Synthetic logs. A record is made from the seed and its number alone, its time included, so that
/// reopening at a position goes on with the very records that would have come.
class generate_source final : public source {
 public:
  /// Precondition: the shape exists, `rate` is not negative, `malformed` lies in [0, 1].
  explicit generate_source(generate_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  bool endless() const noexcept override { return !options_.count; }

 private:
  stream records(const context& with, resume_points resume) const;
  std::uint64_t wait_for_due(const std::optional<pace>& due, std::uint64_t made, std::uint64_t left,
                             const context& with, const pull& want) const;
  void fill(batch& out, position& at, std::uint64_t count) const;
  shard describe_shard() const;

  generate_options options_;
  const log_shape* shape_;
};

}  // namespace weir
