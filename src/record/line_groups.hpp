#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include "weir/context.hpp"
#include "weir/stream.hpp"

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
  /// The open record was ended by a limit, the time or the shard's end.
  virtual void reset() = 0;
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
  /// An open record that a drain cuts off is not handed over: it stays unread.
  bool leaves_cut_records = false;
  /// Lines are joined by the line breaks that the shard has.
  bool breaks_as_read = false;
};

/// Joins lines to records, each shard by itself, and holds the records that are still open, with
/// their positions. Ready batches come out in the order in which they were put in.
class line_groups {
 public:
  using make_rule = std::function<std::unique_ptr<line_rule>(const run& first)>;
  /// `rejects_as` outlives all batches.
  line_groups(make_rule make, group_limits limits, const stage_id& rejects_as,
              std::shared_ptr<block_pool> pool);

  /// Takes a batch, whose content is moved away; it stays an empty one.
  void take(batch& in, time_point now);
  /// Ends the records that have waited long enough; all of them at `never`.
  void end_due(time_point now);
  /// When the next record has waited long enough.
  time_point due() const noexcept;

  bool is_ready() const noexcept { return !ready_.empty(); }
  /// The next batch that can go on. Precondition: is_ready().
  batch take_ready();
  /// Takes a batch back that nobody needs any more, for its memory.
  void give_back(batch used);

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

  void take_one_run(batch piece, time_point now);
  group& group_of(const run& r);
  void walk(group& g, batch& piece, std::size_t from, time_point now);
  void add_line(group& g, batch& piece, std::size_t at, time_point now);
  void end_record(group& g, batch& piece, std::size_t end);
  void end_at_limit(group& g, batch& piece, std::size_t end);
  void hold(group& g, batch piece, bool was_held);
  void hand_on(const group& g, batch piece);

  make_rule make_;
  group_limits limits_;
  const stage_id& rejects_as_;
  std::shared_ptr<block_pool> pool_;
  std::list<group> groups_;  ///< in the order in which their shards came
  std::deque<batch> ready_;
  batch spare_;
};

/// The records that `groups` makes of the lines of `in`. Pulls with `until` = the time when an open
/// record has waited long enough.
stream grouped(stream in, line_groups::make_rule make, group_limits limits, const stage_id* id,
               const context* with);

}  // namespace weir
