#pragma once
#include <functional>
#include <string>
#include <utility>

#include "engine/redelivery.hpp"
#include "weir/context.hpp"
#include "weir/error.hpp"
#include "weir/sink.hpp"

namespace weir {

/// A sink failed in a way that ends the run.
class sink_failure : public error {
 public:
  explicit sink_failure(const delivery_error& why) : error(why.code, why.message), why_(why.what) {}
  delivery_error::kind why() const noexcept { return why_; }

 private:
  delivery_error::kind why_;
};

/// What all sections of a run share.
struct run_parts {
  const context& with;
  /// Takes the rejects of a batch before its records are delivered.
  std::function<void(const batch&)> reject;
  /// Deliver to nobody: show and count what would be delivered.
  std::function<void(const std::string& sink, const batch&)> rehearse;
  /// The rule of records that a branch did not deliver because its reader is gone.
  fate reader_gone;
  const retry_policy& retries;
  drain_limit& draining;

  /// A place that records go to, by the name that messages call it.
  redelivery redelivery_to(std::string place) {
    return {std::move(place), retries, with, draining};
  }
};

}  // namespace weir
