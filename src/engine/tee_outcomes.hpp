#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "engine/ledger.hpp"

namespace weir {

/// Joins what the branches of a `tee` made of each record: delivered if a sink has it; else
/// rejected if some branch refused it; else filtered. Holds a record only until its last branch is
/// done with it.
class tee_outcomes final : public outcome_log {
 public:
  /// `up` is told of each joint outcome: the log of a tee further up. Without one, `total` is.
  tee_outcomes(std::size_t branches, ledger& total, outcome_log* up)
      : branches_(branches), total_(total), up_(up) {}

  /// Expects one note from each branch for every live record of `b`.
  void expect(const batch& b);
  /// When a run breaks off: what a sink has is delivered, although other branches do not.
  void abandon();
  void note(const shard& source, std::uint64_t number, fate f, std::string_view why) override;

 private:
  struct outcome {
    std::uint64_t number = 0;
    std::size_t open = 0;  ///< branches that are not done with it
    fate best = live;
    std::string why;
  };
  struct window {
    std::shared_ptr<const shard> source;
    std::deque<outcome> records;  ///< by number, ascending
  };

  void expect(window& in, const record& r) const;
  void join(outcome& known, fate f, std::string_view why) const;
  void release(window& of);
  void end(const shard& source, const outcome& done) const;

  std::size_t branches_;
  ledger& total_;
  outcome_log* up_;
  std::unordered_map<const shard*, window> windows_;
};

}  // namespace weir
