#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string_view>

#include "record/line_joiner.hpp"

namespace weir {

/// Says which lines of one shard make up a record. It is told of each line in order.
class line_rule {
 public:
  virtual ~line_rule() = default;

  struct place {
    bool joins;  ///< the line belongs to the record that is open, if one is
    bool open;   ///< the next line may belong to its record, too
  };
  virtual place next(const record& line) = 0;
  /// The open record was ended by a limit, the time or the shard's end, or its lines stand alone.
  virtual void reset() = 0;
  /// Whether the live ones of these lines, of a record that ends, are one after all. If not, the
  /// first stands alone, and this is told of the others anew.
  virtual bool belong(std::span<const record> lines) const {
    static_cast<void>(lines);
    return true;
  }
  /// What becomes of a record that is whole.
  virtual fate whole(const record& r) {
    static_cast<void>(r);
    return live;
  }
  /// What has to be known of the shard to go on behind what was read: see run::parser_state.
  virtual std::shared_ptr<const std::string> state() const { return nullptr; }
};

struct group_limits {
  std::uint64_t lines = UINT64_MAX;
  std::uint64_t bytes = 1 << 20;
  /// A record that reaches a limit ends there, or is rejected.
  bool rejects = false;
  /// How long a record waits for its next line; none: for ever.
  std::chrono::nanoseconds timeout{0};
  /// An open record that a drain cuts off is never handed over, also without a state.
  bool leaves_cut_records = false;
  /// Lines are joined by the line breaks that the shard has.
  bool breaks_as_read = false;
};

/// Joins neighbouring lines, each shard by itself.
class line_groups final : public line_joiner {
 public:
  /// Null for a shard whose lines stand alone, or of which that is not known yet: they pass, and it
  /// is asked again with the next.
  using make_rule = std::function<std::unique_ptr<line_rule>(const run& first)>;
  /// `rejects_as` outlives all batches.
  line_groups(make_rule make, group_limits limits, const stage_id& rejects_as,
              std::shared_ptr<block_pool> pool);

  void end_due(time_point now) override;
  time_point due() const noexcept override;

 private:
  /// What is open of one shard.
  struct group {
    std::shared_ptr<const shard> source;
    std::unique_ptr<line_rule> rule;
    batch held;  ///< begins with the open record, if there is one
    bool open = false;
    std::size_t first = 0;  ///< of its lines in the batch at hand
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    time_point due = never;
  };

  void take_one_run(batch piece, time_point now) override;
  group* group_of(const run& r);
  // Where lines are put, they say which place comes next: a line behind, or that behind the first
  // one of a record whose lines do not belong together.
  void walk(group& g, batch& piece, std::size_t from, time_point now);
  std::size_t add_line(group& g, batch& piece, std::size_t at, time_point now);
  std::size_t end_record(group& g, batch& piece, std::size_t end);
  std::size_t end_at_limit(group& g, batch& piece, std::size_t end);
  void end_all(group& g, batch& piece, time_point now);
  void hold(group& g, batch piece, bool was_held);
  void hand_on(const group& g, batch piece);

  make_rule make_;
  group_limits limits_;
  const stage_id& rejects_as_;
  std::list<group> groups_;  ///< in the order in which their shards came
};

/// The records that line_groups make of the lines of `in`: see join_lines.
stream grouped(stream in, line_groups::make_rule make, group_limits limits, const stage_id* id,
               const context* with);

}  // namespace weir
