#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/channel.hpp"
#include "base/spool_files.hpp"
#include "weir/context.hpp"
#include "weir/error.hpp"

namespace weir {

struct spool_options {
  std::string directory;
  std::uint64_t limit_bytes = std::uint64_t{10} << 30;  ///< that its files may take
};

/// A queue of blocks on a disk, between a thread that writes and one that reads. What is in it
/// takes no memory.
///
/// One that was resumed is kept: the reader sees a block once `publish` has followed the `sync`
/// that made it durable, so that no reader is ever ahead of what the next run finds. In one that
/// began anew it sees each block at once, and nothing is synced.
class spool_queue {
 public:
  explicit spool_queue(spool_options options) : options_(std::move(options)) {}
  ~spool_queue();

  const spool_options& options() const noexcept { return options_; }

  // The writer's side. First one of these two; see spool_files. `with` outlives the queue's use.
  void begin(const context& with);
  void resume(const context& with, std::string owner, std::optional<spool_place> written);
  bool is_kept() const noexcept { return files_->is_kept(); }
  spool_place written() const;
  spool_place published() const;

  /// Waits until there is room for so many bytes more, or nobody reads. There always is while it
  /// holds nothing, and while it holds what the reader may not see yet: see `wants_publishing`.
  /// False if `until` came first.
  bool await_room(std::uint64_t bytes, time_point until);
  /// It has reached its limit, and the reader waits for what it holds.
  bool wants_publishing() const;
  /// Adds the blocks, all or none of them.
  io_result<void> append(std::span<const spool_block> blocks);
  /// Makes durable what was appended, and gives its end.
  io_result<spool_place> sync();
  /// Lets the reader see what was appended.
  void publish();
  /// Nothing more will come.
  void end();
  /// The same, and the reader is to stop where it is.
  void abandon();
  /// Why the reader reads no more; nothing while it does.
  struct parting {
    bool failed = false;
    exit_code code = exit_code::ok;
    std::string message = {};
  };
  std::optional<parting> reader_left();
  bool has_reader() const;

  // The reader's side.
  struct stretch {
    spool_place segment;      ///< its base
    std::string path;         ///< of its file
    std::uint64_t end_bytes;  ///< what may be read lies in front of it
  };
  /// Where what lies behind `from` is to be found, once it may be read.
  received await(const spool_place& from, time_point until, stretch& found);
  /// Throws weir::error unless reading can go on at `from`.
  void require_at(const spool_place& from) const;
  /// What lies in front of `place` has gone on for good.
  void release(const spool_place& place);
  /// The reader reads no more. Wakes the writer, wherever it waits.
  void leave(parting why);

  /// After both sides: removes what nobody wants any more, and gives the directory back. How many
  /// records are left in it.
  std::uint64_t close();

 private:
  bool has_room(std::uint64_t bytes) const noexcept;
  void open(const context& with);

  spool_options options_;
  const context* with_ = nullptr;
  std::optional<spool_files> files_;
  mutable std::mutex mutex_;  ///< guards `files_`, but for its `sync`, and what follows
  std::condition_variable readable_;
  std::condition_variable writable_;
  spool_place published_;
  spool_place released_;
  bool ended_ = false;
  bool abandoned_ = false;
  std::optional<parting> left_;
  bool nudged_ = false;  ///< the writer does not know yet that the reader has left
};

}  // namespace weir
