#include "base/spool_queue.hpp"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::uint64_t most_segment_bytes = 64 << 20;
/// Room is won segment by segment, so there are to be some.
constexpr std::uint64_t segments_at_limit = 8;
/// Who waits here waits for a disk or for a slow sink: longer than yielding is worth.
constexpr int no_yields = 0;

}  // namespace

spool_queue::~spool_queue() = default;

void spool_queue::open(const context& with) {
  with_ = &with;
  files_.emplace(*with.files, options_.directory,
                 std::min(most_segment_bytes, options_.limit_bytes / segments_at_limit));
}

void spool_queue::begin(const context& with) {
  open(with);
  files_->begin();
}

void spool_queue::resume(const context& with, std::string owner,
                         std::optional<spool_place> written) {
  open(with);
  files_->resume(std::move(owner), written);
  published_ = files_->written();
  released_ = files_->oldest();
}

spool_place spool_queue::written() const {
  const std::lock_guard lock(mutex_);
  return files_->written();
}

spool_place spool_queue::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

bool spool_queue::has_room(std::uint64_t bytes) const noexcept {
  return files_->stored_bytes() + bytes <= options_.limit_bytes || released_ == files_->written() ||
         published_ < files_->written();
}

bool spool_queue::wants_publishing() const {
  const std::lock_guard lock(mutex_);
  return files_->stored_bytes() > options_.limit_bytes && published_ < files_->written();
}

bool spool_queue::await_room(std::uint64_t bytes, time_point until) {
  std::unique_lock lock(mutex_);
  return wait_for(
      *with_->time, lock, writable_, until, [&] { return has_room(bytes) || left_.has_value(); },
      no_yields);
}

io_result<void> spool_queue::append(std::span<const spool_block> blocks) {
  const std::lock_guard lock(mutex_);
  // Nothing is in it: what it takes on the disk has been read.
  if (released_ == files_->written() && files_->stored_bytes() > options_.limit_bytes / 2)
    files_->end_segment();
  if (const auto done = files_->append(blocks); !done) return done;
  files_->remove_before(released_);
  if (!files_->is_kept()) published_ = files_->written();
  readable_.notify_one();
  return {};
}

io_result<spool_place> spool_queue::sync() {
  if (const auto synced = files_->sync(); !synced) return std::unexpected(synced.error());
  return written();
}

void spool_queue::publish() {
  const std::lock_guard lock(mutex_);
  published_ = files_->written();
  readable_.notify_one();
}

void spool_queue::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  readable_.notify_one();
}

void spool_queue::abandon() {
  const std::lock_guard lock(mutex_);
  ended_ = abandoned_ = true;
  readable_.notify_one();
}

std::optional<spool_queue::parting> spool_queue::reader_left() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(nudged_, false)) with_->wake->calm();
  return left_;
}

bool spool_queue::has_reader() const {
  const std::lock_guard lock(mutex_);
  return !left_;
}

received spool_queue::await(const spool_place& from, time_point until, stretch& found) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return ended_ || published_.bytes > from.bytes; };
  if (!wait_for(*with_->time, lock, readable_, until, ready, no_yields)) return received::timeout;
  if (abandoned_ || published_.bytes <= from.bytes) return received::end;
  found.segment = files_->segment_of(from);
  found.path = files_->path_of(found.segment);
  found.end_bytes = published_.bytes;
  return received::item;
}

void spool_queue::require_at(const spool_place& from) const {
  const std::lock_guard lock(mutex_);
  if (from >= files_->oldest() && from <= files_->written()) return;
  throw error(exit_code::io,
              options_.directory + ": what is in it does not begin where reading stopped",
              "it belongs to another state, or one of the two was put back to an older copy");
}

void spool_queue::release(const spool_place& place) {
  const std::lock_guard lock(mutex_);
  released_ = place;
  files_->remove_before(place);
  writable_.notify_one();
}

void spool_queue::leave(parting why) {
  const std::lock_guard lock(mutex_);
  left_ = std::move(why);
  writable_.notify_one();
  if (ended_) return;
  nudged_ = true;
  with_->wake->nudge();
}

std::uint64_t spool_queue::close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(nudged_, false)) with_->wake->calm();
  if (!files_) return 0;
  const std::uint64_t left = files_->written().records - released_.records;
  if (left == 0 || !files_->is_kept()) files_->remove_all();
  files_.reset();
  return left;
}

}  // namespace weir
