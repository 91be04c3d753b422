#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/drain_limit.hpp"
#include "net/backoff.hpp"
#include "weir/sink.hpp"

namespace weir {

/// How deliveries that came back are tried again.
struct retry_policy {
  static constexpr auto for_ever = std::chrono::nanoseconds::max();

  std::chrono::nanoseconds give_up_after = for_ever;  ///< from the first failure on
  std::chrono::nanoseconds first = std::chrono::milliseconds{100};
  std::chrono::nanoseconds longest = std::chrono::seconds{30};
  uniform_chance chance = real_chance();
  /// Tells people: once that a place makes the run wait, and once that it goes on.
  std::function<void(const std::string&)> say = {};
};

/// One place that records go to (a sink, the dead letter, the checkpoint log) and its circuit.
///
/// A delivery that is `refused` or `unknown` opens the circuit: nothing is read meanwhile, so
/// memory stays flat, and the same call is made again after a back-off with full jitter: each such
/// attempt is the probe of a half-open circuit. One that goes well closes it. When the run is to
/// end, there are attempts for as long as the drain has grace. One thread.
class redelivery {
 public:
  /// `place` is what messages call it. The others outlive it.
  redelivery(std::string place, const retry_policy& policy, const context& with,
             drain_limit& draining)
      : place_(std::move(place)), policy_(policy), with_(with), draining_(draining) {}

  /// Calls `attempt`, which gives a delivery or another std::expected with its error, until it goes
  /// well, will not, or was tried for long enough; gives its last result.
  template <class Attempt>
  auto until_taken(Attempt attempt) -> decltype(attempt()) {
    for (;;) {
      auto done = attempt();
      if (done) {
        close_circuit();
        return done;
      }
      if (!wait_for_another(done.error())) return done;
    }
  }

 private:
  struct outage {
    time_point since;
    backoff_schedule waits;
    bool said = false;
  };

  bool wait_for_another(delivery_error& why);
  void open_circuit();
  void close_circuit();
  time_point last_attempt() const;
  void give_up(delivery_error& why) const;
  void announce(const delivery_error& why);

  std::string place_;
  const retry_policy& policy_;
  const context& with_;
  drain_limit& draining_;
  std::optional<outage> open_;
};

}  // namespace weir
