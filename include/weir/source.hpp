#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "weir/context.hpp"

namespace weir {

/// What a checkpoint knows of a shard that the source kept a token of.
struct remembered_shard {
  std::string name;
  position at;
  std::string token;
};

/// A shard that a source has come upon, before anything of it is committed.
struct begun_shard {
  std::string name;
  std::string identity;
  position at;        ///< where reading begins
  std::string token;  ///< what finds it again, as `source::token_at` gives
};

/// Where reading of a shard resumes: {0, 0} for one not seen before. Empty: every shard begins at
/// its beginning, which spares the look-ups.
class resume_points {
 public:
  using find_place = std::function<position(const shard&)>;
  using find_token = std::function<std::string(const shard&)>;
  using list_shards = std::function<std::vector<remembered_shard>()>;
  using keep_shards = std::function<void(std::span<const begun_shard>)>;

  resume_points() = default;
  template <class Place>
    requires std::convertible_to<Place, find_place>
  resume_points(Place place, find_token token = {}, list_shards with_token = {},
                keep_shards keep = {})
      : place_(std::move(place)),
        token_(std::move(token)),
        with_token_(std::move(with_token)),
        keep_(std::move(keep)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(place_); }
  position operator()(const shard& of) const { return place_(of); }
  /// What the source kept with the position; see `source::token_at`. Empty if it kept nothing.
  std::string token(const shard& of) const { return token_ ? token_(of) : std::string{}; }
  /// All shards that the source kept a token of, in no particular order.
  std::vector<remembered_shard> with_token() const {
    return with_token_ ? with_token_() : std::vector<remembered_shard>{};
  }
  /// Makes durable that these have been come upon: another run then knows them, although this one
  /// may be killed before it commits anything of them. Throws weir::error if that fails.
  void keep(std::span<const begun_shard> begun) const {
    if (keep_ && !begun.empty()) keep_(begun);
  }

 private:
  find_place place_;
  find_token token_;
  list_shards with_token_;
  keep_shards keep_;
};

/// A place in a shard.
struct shard_place {
  std::shared_ptr<const shard> source;
  position at;
  friend bool operator==(const shard_place&, const shard_place&) = default;
};

/// Opens one shard when it is its turn: the stream's first pull does.
using shard_opener = std::function<stream()>;
using shard_openers = generator<shard_opener>;

/// The shards of a source whose options ask to read several of them at a time.
struct concurrent_shards {
  shard_openers listing;  ///< lazy
  std::size_t at_a_time;
  bool any_order;  ///< records of different shards may mix
};

/// What can be seen of the input's size before it is read.
struct estimate {
  std::optional<std::uint64_t> bytes;    ///< as stored
  std::optional<std::uint64_t> records;  ///< exact or from a sample
  std::uint64_t shards = 0;
  bool endless = false;
  bool sampled = false;     ///< `records` is what a first block lets expect
  bool replayable = true;   ///< it can be read again from any position (a pipe cannot)
  std::string reason = {};  ///< for `explain`: "2 files, 310 MB"
  /// What --state makes of it, for `explain`; if it is not replayable: why.
  std::string resuming = {};
};

/// One input of a source, as its listing has it.
struct listed_input {
  std::string name;
  std::optional<std::uint64_t> size_bytes;  ///< as stored
  std::int64_t modified_ns = 0;             ///< since 1970; 0 if unknown
};

/// A place that records come from. Constructed from options alone, without any I/O.
class source {
 public:
  virtual ~source() = default;

  /// Looks at sizes and listings, and at no more data than a first block. Throws weir::error if a
  /// named input is missing.
  virtual estimate look(const context& with) = 0;

  /// What it would read, in that order and without reading it, in constant memory. Nothing if it
  /// has no listing. Throws weir::error where an input is missing or the listing breaks off. `with`
  /// and this outlive it.
  virtual std::optional<generator<const listed_input>> list(const context& with) {
    static_cast<void>(with);
    return std::nullopt;
  }

  /// The records from `resume` on. Lazy: nothing is opened before the first pull. `with` outlives
  /// the stream, and so does the source.
  virtual stream open(const context& with, resume_points resume) = 0;

  /// What `open` gives, shard by shard, if its options ask to read several at a time; streams may
  /// then be pulled on different threads, which call `resume`, too. Else nothing.
  virtual std::optional<concurrent_shards> open_shards(const context& with, resume_points resume) {
    static_cast<void>(with);
    static_cast<void>(resume);
    return std::nullopt;
  }

  /// What it needs besides a position to go on there in another run, at most 64 KiB: the checkpoint
  /// keeps it. Asked on the thread that runs the pipeline, at positions that never go back.
  virtual std::string token_at(const shard& of, position at) {
    static_cast<void>(of);
    static_cast<void>(at);
    return {};
  }

  /// True for a source that forgets what was read (a queue): it is told by `committed` what it may
  /// forget. The run then commits without --state, too, and wants a dead letter.
  virtual bool forgets() const noexcept { return false; }
  /// Everything up to these places is durable: delivered, filtered, or in the dead letter. On the
  /// thread that runs the pipeline, which waits for it.
  virtual void committed(std::span<const shard_place> reached) { static_cast<void>(reached); }
  /// The run is over, and its streams are gone: nothing more will be committed. `with` of `open`
  /// ends soon.
  virtual void close() {}

  /// The files that it reads, as its options name them: paths, directories, globs, `-`. No I/O.
  virtual std::vector<std::string> files() const { return {}; }

  /// Bytes that it holds at least, of its longest line. No I/O.
  virtual std::size_t holds_min_bytes() const noexcept { return 0; }

  /// True if its options say that it never ends by itself. No I/O: for the checks before a run.
  virtual bool endless() const noexcept { return false; }

  /// Bytes of stored input that were read so far, for a progress bar. Safe from any thread.
  virtual std::uint64_t stored_bytes_read() const noexcept { return 0; }
  /// How many inputs could not be read while others could. Safe from any thread.
  virtual std::uint64_t unreadable() const noexcept { return 0; }
  /// Why, for the first hundred of them: "a.log: permission denied".
  virtual std::vector<std::string> why_unreadable() const { return {}; }
  /// Records that went out before a checksum over their bytes turned out wrong. Safe from any
  /// thread.
  virtual std::uint64_t unverified() const noexcept { return 0; }
};

}  // namespace weir
