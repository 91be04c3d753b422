#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/disk.hpp"
#include "base/poll_set.hpp"
#include "codec/encode.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Bytes on their way into one open file: a buffer, and an encoder where compression is wanted.
///
/// The writer appends whole lines to `buffer()`, flushes when `is_full()`, and flushes at the end
/// of a batch, so that a batch costs one write(2) unless it is large. What finds no room on the
/// disk is `refused`: it stays here, and the same call may be made again. Any other failed write or
/// sync is remembered: every later call gives the same error and touches the file no more, because
/// after EIO Linux drops the dirty pages and the next fsync would lie. A reader of a pipe is waited
/// for, in a drain for as long as that has grace. One thread at a time; the destructor flushes
/// nothing.
class output {
 public:
  /// The size from which a buffer is written. Larger ones fall out of the L2 cache.
  static constexpr std::size_t full_bytes = 256 * 1024;

  /// `name` is how messages call the file. Bytes go to the place where `to` stands, through
  /// `packer` unless it is null. The buffer is written once it holds `limit_bytes`.
  /// `with` outlives it.
  output(std::string name, std::unique_ptr<file> to, const context& with,
         std::unique_ptr<encoder> packer = nullptr, std::size_t limit_bytes = full_bytes);

  /// Opens `path` as it stands, creating it if needed: a regular file is emptied, or continued if
  /// `append`; anything else is written to from where it is, a FIFO once somebody reads it. A torn
  /// last line that it goes on behind is ended, unless the file is compressed. `with` outlives the
  /// output. Throws weir::error if it cannot be opened.
  static output in_place(const context& with, const std::string& path, bool append,
                         std::unique_ptr<encoder> packer = nullptr,
                         std::size_t limit_bytes = full_bytes);
  /// Opens the regular file `path` to go on behind its first `length_bytes`; what lies there now is
  /// cut off, and a line that this tears is ended as above. Throws weir::error if it cannot be
  /// opened or is shorter.
  static output continued(const context& with, const std::string& path, std::uint64_t length_bytes,
                          std::unique_ptr<encoder> packer = nullptr,
                          std::size_t limit_bytes = full_bytes);

  /// Writes to a file that was emptied for it.
  static output emptied(std::string name, std::unique_ptr<file> to, const context& with,
                        std::unique_ptr<encoder> packer, std::size_t limit_bytes);

  std::string& buffer() noexcept { return buffer_; }
  bool is_full() const noexcept { return buffer_.size() >= limit_bytes_; }
  /// What the file holds, as stored, and what waits in the buffer.
  std::uint64_t size_bytes() const noexcept { return end_bytes() + buffer_.size(); }
  /// Where the next byte goes in a regular file: what it held before and what was written.
  std::uint64_t end_bytes() const noexcept { return start_bytes_ + stored_bytes_; }
  bool is_regular() const noexcept { return regular_; }

  /// Writes the buffer. What was flushed can be read by others, unless it is compressed.
  delivery flush();
  /// Flushes, ends the compressed member, and syncs what can be synced: a regular file, and its
  /// name if the file was empty. Does nothing if nothing was written since the last time.
  delivery commit();
  /// Flushes, ends the compressed member and closes, without syncing. A compressed file that
  /// nothing was written to gets an empty member, which no commit writes: before the first one, a
  /// file of a run that was killed is to be empty.
  delivery close();

  /// Notes where a batch begins.
  void begin_batch() noexcept { batch_bytes_ = stored_bytes_; }
  /// Ends the batch, whose delivery so far is `done`. If that was refused, takes back what was
  /// written of the batch, so that the file ends with a whole one. From a compressed file nothing
  /// can be taken back: when it is tried again, `lines_taken` are in it.
  delivery end_batch(delivery done);
  /// How many lines of the batch at hand need not be appended any more.
  std::size_t lines_taken() const noexcept { return lines_taken_; }
  void take_line() noexcept { ++lines_taken_; }
  void batch_is_taken() noexcept { lines_taken_ = 0; }

 private:
  delivery end_member();
  delivery store_end_of_member();
  delivery store(std::string& bytes);
  io_result<void> write_all(std::string_view bytes);
  bool await_reader();
  delivery no_room(io_error why);
  delivery fail(io_error why);
  delivery undo_batch();
  bool is_committed() const noexcept;
  void begin_sync_of_much();

  std::string name_;
  std::unique_ptr<file> file_;
  const context* with_;
  std::unique_ptr<poll_set> reader_;  ///< of a pipe that was full
  std::unique_ptr<encoder> packer_;
  bool member_open_ = false;
  disk* new_on_ = nullptr;  ///< the disk on which the name may be new, until it is durable
  bool regular_ = false;
  bool can_cut_ = false;  ///< what it has written may be cut off again: nobody else writes to it
  bool commits_ = false;  ///< it has been committed, and so it will be again
  std::uint64_t sync_begun_bytes_ = 0;
  std::size_t limit_bytes_;
  std::uint64_t start_bytes_ = 0;  ///< what the file held before
  std::uint64_t stored_bytes_ = 0;
  std::uint64_t committed_bytes_ = 0;
  std::uint64_t batch_bytes_ = 0;
  std::size_t lines_taken_ = 0;
  std::string buffer_;
  std::string packed_;
  std::optional<io_error> failed_;
};

/// What a failed system call on a sink's file means for the delivery. A name that finds no room in
/// its directory is `refused`.
delivery_error delivery_failed(const std::string& name, io_error why);

/// Makes the name `path` durable after its file was created or renamed.
delivery sync_directory_of(disk& files, const std::string& path);

/// The error that ends the pipeline because `name` cannot be opened.
[[noreturn]] void throw_cannot_open(const std::string& name, io_error why);

}  // namespace weir
