#include "base/spool_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ranges>
#include <utility>

#include "base/random_name.hpp"
#include "base/require.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

std::unique_ptr<file> take(disk& files, const std::string& directory) {
  require(make_durable_directories(files, directory), directory);
  const std::string path = directory + "/lock";
  auto lock = require(files.open(path, open_for::writing), path);
  const auto taken = lock->lock();
  if (taken) return lock;
  if (taken.error().code != EWOULDBLOCK) require(taken, path);
  throw error(exit_code::locked, directory + ": another spool is at work here",
              "give each one a directory of its own");
}

std::string front_of(file& from) {
  std::array<char, segment_heading::size_bytes> bytes{};
  return {bytes.data(), read_fully(from, bytes, 0).value_or(0)};
}

[[noreturn]] void refuse(const std::string& path, const char* why, std::string hint) {
  throw error(exit_code::io, path + ": " + why, std::move(hint));
}

constexpr auto lost =
    "put the directory back as it was, or begin anew with another --state, an empty directory and "
    "empty outputs";

}  // namespace

spool_files::spool_files(disk& files, std::string directory, std::uint64_t segment_bytes)
    : files_(files),
      directory_(std::move(directory)),
      segment_bytes_(segment_bytes),
      lock_(take(files, directory_)) {}

std::string spool_files::path_of(const spool_place& base) const {
  return directory_ + "/" + segment_name(base);
}

/// The segments that a run with a state wants; those that none wants are removed, and those that
/// did not get as far as a heading.
std::vector<spool_files::found_segment> spool_files::find() {
  std::vector<found_segment> all;
  for (const std::string& name : require(files_.list(directory_), directory_)) {
    const auto base = base_in_name(name);
    if (!base) continue;
    const std::string path = directory_ + "/" + name;
    const auto found = look_at(path);
    if (!found && *base < written_.bytes) refuse(path, "damaged", lost);
    if (found && found->heading.kept)
      all.push_back(*found);
    else
      require(files_.remove(path), path);
  }
  return all;
}

/// Nothing for one without a heading: its run was killed, or the power failed, before it was there.
std::optional<spool_files::found_segment> spool_files::look_at(const std::string& path) {
  auto opened = require(files_.open(path, open_for::reading), path);
  const std::string front = front_of(*opened);
  const bool is_torn = front.find_first_not_of('\0') == front.npos;
  if (is_torn || front.size() < segment_heading::size_bytes) return std::nullopt;
  const auto heading = parse_segment_heading(front);
  if (!heading || path != path_of(heading->base))
    throw error(exit_code::io, path + ": damaged, or not a segment of a spool",
                "name another directory");
  const std::uint64_t size = require(opened->status(), path).size;
  return found_segment{*heading, heading->base.bytes + size - segment_heading::size_bytes};
}

void spool_files::begin() {
  if (!find().empty())
    throw error(exit_code::usage, directory_ + ": holds records of a run with --state",
                "run that again, or name another directory");
  owner_ = random_name();
}

void spool_files::resume(std::string owner, std::optional<spool_place> written) {
  kept_ = true;
  owner_ = std::move(owner);
  written_ = written.value_or(spool_place{});
  std::vector<found_segment> all = find();
  const auto is_foreign = [&](const found_segment& s) { return s.heading.owner != owner_; };
  if (std::ranges::any_of(all, is_foreign) || (!written && !all.empty()))
    throw error(exit_code::usage, directory_ + ": holds records that the state does not know",
                "run the pipeline that they belong to again, or name another directory");
  while (!all.empty() && all.back().heading.base.bytes >= written_.bytes) {
    remove(all.back().heading.base);
    all.pop_back();
  }
  // What was cut off must not come back once others have its place.
  require(files_.sync_directory(directory_), directory_);
  go_on_with(all);
}

// In front of a gap is what had gone on: its removal was not durable when the power failed. Should
// a reader want it after all, it says that it is missing, and the files are still there.
void spool_files::go_on_with(const std::vector<found_segment>& all) {
  std::uint64_t next = written_.bytes;
  for (const found_segment& s : all | std::views::reverse) {
    const bool reaches = segments_.empty() ? s.end_bytes >= next : s.end_bytes == next;
    if (!stale_.empty() || !reaches) {
      stale_.push_back({s.heading.base, s.end_bytes});
    } else {
      segments_.push_front(s.heading.base);
      next = s.heading.base.bytes;
    }
  }
  if (segments_.empty()) return;
  const std::string path = path_of(segments_.back());
  last_ = require(files_.open(path, open_for::writing), path);
  require(last_->truncate(last_bytes()), path);
  require(last_->seek(last_bytes()), path);
}

/// What the last segment has, as a file.
std::uint64_t spool_files::last_bytes() const noexcept {
  return segment_heading::size_bytes + written_.bytes - segments_.back().bytes;
}

std::uint64_t spool_files::stored_bytes() const noexcept {
  return written_.bytes - oldest().bytes + segments_.size() * segment_heading::size_bytes;
}

io_result<void> spool_files::append(std::span<const spool_block> blocks) {
  if (!last_ || segment_ended_ || last_bytes() >= segment_bytes_) {
    if (const auto begun = begin_segment(); !begun) return begun;
  }
  spool_place at = written_;
  if (const auto done = write(blocks, at); !done) {
    static_cast<void>(last_->truncate(last_bytes()));
    if (const auto back = last_->seek(last_bytes()); !back) return back;
    return done;
  }
  written_ = at;
  return {};
}

io_result<void> spool_files::write(std::span<const spool_block> blocks, spool_place& at) {
  for (const spool_block& b : blocks) {
    const block_heading heading{.block_bytes = static_cast<std::uint32_t>(b.bytes.size()),
                                .records = b.records,
                                .at = at.bytes};
    const std::string front = text_of(heading, b.bytes);
    if (const auto done = last_->write(front); !done) return done;
    if (const auto done = last_->write(b.bytes); !done) return done;
    at.bytes += front.size() + b.bytes.size();
    at.records += b.records;
  }
  return {};
}

// A file that found no room for its heading goes again: its name is needed for the next attempt.
io_result<void> spool_files::begin_segment() {
  if (last_ && kept_) {
    if (const auto synced = last_->sync(); !synced) return synced;
  }
  const std::string path = path_of(written_);
  auto fresh = files_.open(path, open_for::writing_new);
  if (!fresh) return std::unexpected(fresh.error());
  const segment_heading heading{.kept = kept_, .owner = owner_, .base = written_};
  if (const auto done = (*fresh)->write(text_of(heading)); !done) {
    static_cast<void>(files_.remove(path));
    return done;
  }
  last_ = std::move(*fresh);
  segments_.push_back(written_);
  segment_ended_ = false;
  has_new_name_ = true;
  return {};
}

io_result<void> spool_files::sync() {
  if (!kept_ || !last_) return {};
  if (const auto synced = last_->sync(); !synced) return synced;
  if (!std::exchange(has_new_name_, false)) return {};
  return files_.sync_directory(directory_);
}

// One that cannot be removed takes room until the next run finds it.
void spool_files::remove(const spool_place& base) {
  static_cast<void>(files_.remove(path_of(base)));
}

void spool_files::remove_before(const spool_place& place) {
  while (segments_.size() > 1 && segments_[1] <= place) {
    remove(segments_.front());
    segments_.pop_front();
  }
  std::erase_if(stale_, [&](const stale_segment& s) {
    if (s.end_bytes > place.bytes) return false;
    remove(s.base);
    return true;
  });
}

void spool_files::remove_all() {
  last_.reset();
  for (const spool_place& base : segments_) remove(base);
  for (const stale_segment& s : stale_) remove(s.base);
  segments_.clear();
  stale_.clear();
}

spool_place spool_files::segment_of(const spool_place& place) const {
  const auto behind = std::ranges::upper_bound(segments_, place.bytes, {}, &spool_place::bytes);
  return *(behind - 1);
}

}  // namespace weir
