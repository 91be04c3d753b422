#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/disk.hpp"
#include "source/earlier_file.hpp"
#include "source/ended_files.hpp"
#include "source/reading.hpp"

namespace weir {

/// One file that grows while it is read: its open handle, its place, and what became of its name. A
/// file that was cut off (copytruncate) begins again as a new shard.
class followed_file {
 public:
  enum class name : std::uint8_t {
    current,  ///< its path still leads to it
    rotated,  ///< renamed or deleted, but whoever writes may not have noticed yet
    final,    ///< the wait for late lines is over: its last line counts although nothing ends it
    settled,  ///< and was read
  };
  /// Where reading of a file begins that no state knows.
  enum class start : std::uint8_t { beginning, last_line_end };

  followed_file(std::string path, std::unique_ptr<file> input, start where, int watch);

  const std::string& path() const noexcept { return path_; }
  int watch = -1;  ///< its number at the watcher
  name state = name::current;
  time_point rotated_at{};
  bool queued = false;    ///< waits for its turn to be read
  bool listed = false;    ///< the latest listing had it
  bool in_place = false;  ///< and at its path
  /// An earlier run may have read it to its end: it may have got its path since. To be told before
  /// the first look.
  bool may_have_ended = true;

  /// It is the one that an earlier run knew as `f`. To be told before the first look.
  void go_on(earlier_file f) { earlier_ = std::move(f); }
  /// Looks at what the file has now. True if there are bytes that may be new lines, or if it is
  /// final.
  io_result<bool> has_news(const line_options& lines, const resume_points& resume);
  /// The lines that the latest look found, from `has_news` having said so on. `this`, `how`, `with`
  /// and `failed` outlive it.
  stream new_records(const line_options& lines, reading& how, const context& with,
                     std::optional<io_error>& failed);
  /// Whether what was read since the latest look may be of what came after a cut.
  bool was_cut_off_meanwhile();
  /// The reader hands out `some` of its records.
  void note(const batch& some);
  /// What was cut off of a file.
  struct cut {
    earlier_file of;            ///< as it was
    std::uint64_t seen_to = 0;  ///< the size that it had at some look
  };
  /// The shard that was cut off since this was last asked. If its rest is read elsewhere, its end
  /// is said there.
  std::optional<cut> take_cut_off() { return std::exchange(cut_off_, std::nullopt); }
  void end_is_said_elsewhere() { ended_.reset(); }
  /// A shard that came to its end since this was last asked, with that place: it was cut off, or it
  /// is settled and read.
  std::optional<ended_file> take_ended();
  /// The shard that the latest look came upon, since this was last asked: no run knew it before.
  std::optional<begun_shard> take_begun() { return std::exchange(begun_, std::nullopt); }
  /// As it is now, whatever the latest look found.
  io_result<file_status> status() { return input_->status(); }
  file_of_log as_of_log(const file_status& now) const;
  /// As of the latest look.
  file_of_log as_seen() const { return as_of_log(seen_); }
  /// Of its shard; empty before its first bytes.
  std::string identity() const { return shard_ ? shard_->identity : std::string{}; }
  /// A look found its first bytes.
  bool has_begun() const noexcept { return shard_ != nullptr; }
  /// A look found it empty, since it was begun last.
  bool was_seen_empty() const noexcept { return seen_empty_; }
  /// It was, but is begun now. True once.
  bool take_seen_empty() { return has_begun() && std::exchange(seen_empty_, false); }
  bool is_compressed() const noexcept { return compressed_; }
  /// What stands in front of the place up to which it was read, or in front of its end when it was
  /// begun.
  const std::optional<landmark>& before_place() const noexcept { return before_place_; }

 private:
  io_result<std::string> read_head(std::size_t bytes);
  io_result<bool> was_cut_off(const file_status& now);
  void end_at_cut();
  void end();
  io_result<void> begin_shard(const file_status& now, const line_options& lines,
                              const resume_points& resume);
  bool is_as_read(const shard& of, const resume_points& resume);
  bool goes_on_elsewhere(position at, std::string_view delimiter);
  io_result<std::uint64_t> end_of_last_line(std::uint64_t size, const std::string& delimiter);

  std::string path_;
  std::unique_ptr<file> input_;
  start start_;
  std::optional<earlier_file> earlier_;
  std::shared_ptr<const shard> shard_;  // none before the first byte is there
  std::optional<begun_shard> begun_;
  std::optional<ended_file> ended_;
  std::optional<cut> cut_off_;
  bool begins_again_ = false;  ///< it was cut off
  bool seen_empty_ = false;
  std::string head_identity_;
  std::size_t head_bytes_ = 0;
  bool compressed_ = false;
  position at_;
  std::optional<landmark> before_place_;
  std::shared_ptr<const std::string> parser_state_;  // there
  file_status seen_;                                 // at the latest look
  std::uint64_t seen_to_ = 0;                        // the largest size of its shard
  std::uint64_t tried_to_ = 0;                       // the size that was last read up to
};

}  // namespace weir
