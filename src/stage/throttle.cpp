#include "stage/throttle.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace weir {
namespace {

struct throttle_options {
  double rate = 0;
};

constexpr double least_rate = 1e-3;
constexpr double most_rate = 1e9;

/// When the next piece may go on, and how large it may be. Pure.
class allowance {
 public:
  allowance(double per_second, time_point start)
      : per_second_(per_second),
        piece_(std::max<std::size_t>(1, static_cast<std::size_t>(per_second / 10))),
        next_(start) {}

  std::size_t piece() const noexcept { return piece_; }
  time_point next() const noexcept { return next_; }
  void spend(std::size_t records, time_point now) noexcept {
    const double seconds = static_cast<double>(records) / per_second_;
    next_ = std::max(next_, now) + std::chrono::nanoseconds{std::llround(seconds * 1e9)};
  }

 private:
  double per_second_;
  std::size_t piece_;
  time_point next_;
};

}  // namespace

stream throttled(stream in, double per_second, const context* with) {
  clock& time = *with->time;
  allowance allowed(per_second, time.now());
  batch out(with->pool);
  for (;;) {
    batch* const some = in.next(co_await request);
    if (some == nullptr) co_return;
    for (bool all = false; !all;) {
      out.reset(with->pool);
      const pull wanted = co_await request;
      const bool waits = !some->empty() && !wanted.drain && time.now() < allowed.next();
      if (waits) time.wait_readable(-1, *with->wake, std::min(wanted.until, allowed.next()));
      if (!waits || time.now() >= allowed.next()) {
        all = out.absorb(*some, allowed.piece(), SIZE_MAX);
        allowed.spend(out.size(), time.now());
      }
      co_yield out;
    }
  }
}

component throttle_stage() {
  return declare<throttle_options>(component::role::stage, "throttle",
                                   "Lets at most so many records a second through.")
      .describe(
          "For what cannot take more, whichever sink it is: in front of it, or in a branch of its "
          "own. What comes before it waits; `spool` keeps that from slowing the other branches. "
          "(`to http` has `rate=`, which counts requests.)")
      .option("rate", &throttle_options::rate, "Records a second, such as 500 or 0.2.",
              required_place)
      .example("No more than a hundred alerts a second",
               "from app.ndjson | json | where level >= error | throttle 100 | to "
               "https://alerts.example.com/hook")
      .makes([](const throttle_options& o, reporter& report) -> product {
        if (!(o.rate >= least_rate && o.rate <= most_rate))
          report.error("`rate` lies between 0.001 and 1000000000", {});
        return stage{.per_batch = {},
                     .whole =
                         [rate = o.rate](stream in, const context& with, const stage_id&) {
                           return throttled(std::move(in), rate, &with);
                         },
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = block_bytes};
      });
}

}  // namespace weir
