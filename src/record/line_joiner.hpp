#pragma once
#include <deque>
#include <memory>
#include <utility>

#include "weir/context.hpp"
#include "weir/stream.hpp"

namespace weir {

/// Joins lines to records, and holds what is open with its positions. Which lines make up a record
/// is for the class behind it to say. Ready batches come out in the order in which they were put
/// in.
class line_joiner {
 public:
  explicit line_joiner(std::shared_ptr<block_pool> pool) : pool_(std::move(pool)), spare_(pool_) {}
  virtual ~line_joiner() = default;
  line_joiner(const line_joiner&) = delete;
  line_joiner& operator=(const line_joiner&) = delete;

  /// Takes a batch, whose content is moved away; it stays an empty one.
  void take(batch& in, time_point now);
  /// Ends the records that have waited long enough; all of them at `never`.
  virtual void end_due(time_point now) = 0;
  /// When the next record has waited long enough.
  virtual time_point due() const noexcept = 0;

  bool is_ready() const noexcept { return !ready_.empty(); }
  /// The next batch that can go on. Precondition: is_ready().
  batch take_ready();
  /// Takes a batch back that nobody needs any more, for its memory.
  void give_back(batch used);

 protected:
  const std::shared_ptr<block_pool>& pool() const noexcept { return pool_; }
  /// The batch can go on.
  void put(batch ready) { ready_.push_back(std::move(ready)); }

 private:
  /// Takes a batch that has one run.
  virtual void take_one_run(batch piece, time_point now) = 0;

  std::shared_ptr<block_pool> pool_;
  std::deque<batch> ready_;
  batch spare_;
};

/// The records that `joiner` makes of the lines of `in`. Pulls with `until` = the time when an open
/// record has waited long enough. What is open when a drain cuts it off stays unread with a state,
/// which reads it again, and if `leaves_cut_records`; else it is a record. `with` outlives the
/// stream.
stream join_lines(stream in, std::unique_ptr<line_joiner> joiner, bool leaves_cut_records,
                  const context* with);

}  // namespace weir
