#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/checkpoint.hpp"
#include "engine/section_run.hpp"
#include "engine/state.hpp"
#include "sink/dead_letter.hpp"

namespace weir {

/// Takes the sinks of a run through their commits: all of them together, at a point of the stream
/// that each has reached. Opens them, too, since a commit is where an earlier run stopped.
///
/// The order within a commit: every sink prepares, the dead letter is synced, the entry is logged
/// and synced, every sink commits, the source is told. A crash between any two of these steps loses
/// and repeats nothing.
///
/// A group is committed when it is full or its time has come, but so seldom that commits take at
/// most a tenth of the run: a slow disk makes groups larger, up to 64 times what was wanted.
class group_commit {
 public:
  /// `dead` and `remembered` may be null; without the latter nothing is logged, and where neither
  /// the source nor a sink needs commits there are none. Everything given outlives it.
  group_commit(source& from, section_run& root, dead_letter* dead, state* remembered,
               run_parts& shared);

  /// Opens the dead letter and the sinks, where the last commit left them. Throws weir::error.
  void open();
  /// Whether there are commits.
  bool in_groups() const noexcept { return commits_; }
  /// When `after_step` has something to do although nothing came: the open group is to be
  /// committed, or a sink's own time has come. `never` for neither.
  time_point due() const noexcept;
  /// To be told after each step of the root: commits once the group is full or due.
  void after_step();
  /// Commits what is left, at the end of the input, and closes the sinks.
  void finish();

 private:
  void resume();
  void note_progress(time_point now);
  void agree_on_groups();
  bool is_time(time_point now) const noexcept;
  bool is_memory_full() const noexcept;
  bool is_wanted() const noexcept;
  void refuse_standstill();
  bool has_new_output() const;
  void commit();
  void commit_dead_letter();
  void log(const checkpoint& reached);
  checkpoint point_reached(std::vector<sink_progress> sinks) const;

  source& from_;
  section_run& root_;
  dead_letter* dead_;
  state* state_;
  const context& with_;
  const std::function<void(const std::string&)>& say_;
  redelivery dead_again_;
  redelivery log_again_;
  std::vector<sink_run*> sinks_;
  bool commits_ = false;
  bool holds_records_ = false;  ///< a sink keeps them until the commit
  commit_group group_{.bytes = 0, .time = {}};
  std::uint64_t bytes_ = 0;  ///< of the open group
  std::uint64_t bytes_at_standstill_ = 0;
  int steps_at_standstill_ = 0;
  time_point due_ = never;
  time_point latest_due_ = never;  ///< `due_` if something always comes in
  time_point not_before_ = time_point::min();
};

}  // namespace weir
