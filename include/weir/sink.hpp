#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/context.hpp"
#include "weir/error.hpp"

namespace weir {

/// A delivery that failed. After `refused` and `unknown` the same call is made again, after a while
/// and with the same arguments, until it goes well; or nothing more is called but the destructor.
struct delivery_error {
  enum class kind : std::uint8_t {
    refused,  ///< nothing arrived that another attempt would repeat
    unknown,  ///< the reply was lost: asked again, the sink first finds out what became of it
    closed,   ///< the reader is gone (a closed pipe): end quietly
    broken,   ///< the sink cannot go on
  };
  kind what;
  std::string message;  ///< names the sink and the cause
  exit_code code = exit_code::io;
  /// How long the place asked to be left alone.
  std::optional<std::chrono::nanoseconds> retry_after = {};
};
using delivery = std::expected<void, delivery_error>;

/// A record that a sink refused only once it had seen its whole group: by a constraint, say. What
/// it views belongs to the sink and lasts until its next call.
struct refused_record {
  const shard* source;
  std::uint64_t number;
  std::uint64_t offset;
  std::string_view raw;
  std::string_view why;  ///< the server's reason, without the values of this record
};

/// What a sink says before a commit.
struct prepared {
  /// What it needs to know to go on exactly here in another run ("length=1234"). It is written with
  /// each commit: some bytes for each file that is open.
  std::string token = {};
  /// Records of the group that will not be in it.
  std::vector<refused_record> refused = {};
};

/// The entry of the checkpoint log that belongs to a commit. Without --state all of it is empty.
struct commit_point {
  std::string_view pipeline = {};  ///< of this state directory, the same in every run
  std::string_view sink = {};      ///< which of the pipeline's sinks, the same in every run
  std::uint64_t generation = 0;    ///< of the run: an older one must not commit any more
  std::uint64_t entry = 0;         ///< ascending; 0 without --state
};

/// Puts a line of the sink's own into the checkpoint log, durably. For what has to be known of
/// even if the group that it belongs to is never committed. Not before the first `write`.
using sink_notebook = std::function<delivery(std::string_view)>;

/// What the checkpoint log knows of a sink when a run begins.
struct sink_memory {
  commit_point last = {};    ///< `entry` is 0 if the log has none for this sink
  std::string token = {};    ///< what it prepared for that entry
  std::uint64_t before = 0;  ///< the entry in front of it, if it can be gone back to; else it
  std::uint64_t newest = 0;  ///< of all that were logged: it may hold one that a run went back from
  sink_notebook note = {};   ///< lasts as long as the sink
  std::vector<std::string> notes = {};  ///< since the run began, or since the entry `before`
};

/// Thrown when a sink cannot be opened now and may be later: the same call is made again, after a
/// while.
class sink_away : public error {
 public:
  using error::error;
};

/// How much a sink wants to take between two commits, whichever comes first.
struct commit_group {
  std::size_t bytes = 1 << 20;  ///< of text
  std::chrono::nanoseconds time = std::chrono::milliseconds{5};
  bool early = true;  ///< also once nothing has come in for a twentieth of `time`
};

/// A place that records go to. Constructed from options alone, without any I/O. One thread at a
/// time. Its destructor flushes nothing: what was not closed is abandoned.
///
/// Records are committed in groups: `write` ..., `prepare`, then (the dead letter and the
/// checkpoint's entry are durable by now) `commit`. A crash may come between any two of them.
class sink {
 public:
  virtual ~sink() = default;

  /// Opens it. Throws weir::error if it cannot be: the path, the cause and what to do; sink_away if
  /// that may pass. `with` outlives the sink.
  virtual void open(const context& with) = 0;
  /// Opens it to go on where an earlier run of the same state stopped, or to begin if `memory` has
  /// no entry: all that was written behind the entry that counts is taken back. Returns that
  /// entry: the last one, or the one before it, if the sink has its own record of it and the last
  /// did not get there. Throws weir::error, too, if it knows a later one: the state is an old copy.
  virtual std::uint64_t resume(const context& with, const sink_memory& memory) {
    open(with);
    return memory.last.entry;
  }
  /// Hands over the live records of `records`, in order, all or none of them.
  virtual delivery write(const batch& records) = 0;
  /// Ends the group: everything written so far is durable after this, or will be with `commit`
  /// (a transaction).
  virtual std::expected<prepared, delivery_error> prepare() { return prepared{}; }
  /// Makes the group count. If the outcome is unknown, the sink itself finds it out.
  virtual delivery commit(const commit_point& point) {
    static_cast<void>(point);
    return {};
  }
  virtual commit_group groups() const noexcept { return {}; }
  /// When `on_due` is to be called although nothing comes in; `never` for not at all.
  virtual time_point due() const noexcept { return never; }
  /// Does what its time has come for. Fails as `write` does.
  virtual delivery on_due() { return {}; }
  /// True if the group should be committed now, whatever `groups` says.
  virtual bool wants_commit() const noexcept { return false; }
  /// True if `prepare` may refuse records: what was written counts as delivered only then.
  virtual bool refuses_late() const noexcept { return false; }
  /// True if only `commit` makes a group count, with or without --state, and `resume` finds out by
  /// itself whether the last one got there.
  virtual bool has_own_record() const noexcept { return refuses_late(); }
  /// Nothing more will be written: what is under way is to be completed with the next commit. True
  /// if it needs that one although nothing was written since the last.
  virtual bool end() { return false; }
  /// True if only what was closed can be read: it is compressed, or gets its name then. Where that
  /// fails, nothing counts as delivered but what was committed.
  virtual bool counts_once_closed() const noexcept { return false; }
  /// Completes the output after the last commit. Nothing may be written after it.
  virtual delivery close() = 0;

  /// True if it does not write text records as JSON. Text that is not UTF-8 is kept from the other
  /// sinks: the runner rejects it. Known once the sink is open.
  virtual bool takes_any_text() const noexcept { return false; }

  /// The files that it writes, as far as its options name them. No I/O.
  virtual std::vector<std::string> files() const { return {}; }

  /// What holds for records given to it, as `explain` prints it: "exactly once with --state".
  virtual std::string guarantee() const = 0;
};

}  // namespace weir
