#include "source/follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace weir {
namespace {

using namespace std::chrono_literals;

// Nothing is lost meanwhile: the kernel tells of all that happens on this machine.
constexpr std::chrono::nanoseconds look_pause_watched = 10s;
constexpr std::chrono::nanoseconds look_pause_min = 100ms;
constexpr std::chrono::nanoseconds look_pause_max = 1s;

}  // namespace

void check_followed(const std::vector<std::string>& paths, disk& files) {
  for (const std::string& path : paths) {
    const auto pattern = pattern_of(path, files);
    const auto base = pattern ? pattern->base() : directory_of(path);
    const auto status = files.status(base.empty() ? "." : base);
    if (!status || status->is != file_status::kind::directory) throw missing_input(path);
  }
}

follower::follower(const follow_options& options, reading& how, const context& with,
                   const resume_points& resume)
    : options_(options),
      how_(how),
      with_(with),
      resume_(resume),
      start_(options.tail ? followed_file::start::last_line_end : followed_file::start::beginning),
      pause_(look_pause_min) {
  take_up_earlier();
  look_at_everything();
  start_ = followed_file::start::beginning;
}

followed_file* follower::next_with_news() {
  while (!queue_.empty()) {
    followed_file& next = *queue_.front();
    queue_.pop_front();
    next.queued = false;
    const auto news = next.has_news(options_, resume_);
    if (!news) how_.unreadable.add(next.path(), news.error());
    if (next.is_compressed()) mention_compressed(next);
    if (news.value_or(false)) {
      pause_ = look_pause_min;
      return &next;
    }
    if (next.state == followed_file::name::final) next.state = followed_file::name::settled;
  }
  return nullptr;
}

/// The listing that comes next finds that their names lead to others, and queues them in front of
/// those.
void follower::take_up_earlier() {
  const auto followed = [this](const std::string& path) { return follows(path); };
  for (earlier_file& f : earlier_files(resume_)) {
    if (!follows(f.name)) continue;
    if (const auto path = find_again(f, *with_.files)) {
      followed_file* const added = add_file(*path, f.name);
      if (added) added->go_on(std::move(f));
    } else if (auto copy = find_copy(f, followed, with_)) {
      earlier_.copies.push_back({std::move(f), std::move(*copy)});
    } else {
      earlier_.gone.push_back(std::move(f));
    }
  }
}

bool follower::follows(const std::string& path) const {
  return std::ranges::any_of(options_.paths, [&](const std::string& wanted) {
    const auto pattern = pattern_of(wanted, *with_.files);
    if (!pattern) return path == wanted;
    return path.starts_with(pattern->base()) &&
           pattern->matches(std::string_view{path}.substr(pattern->base().size()));
  });
}

/// Once: a glob may well match rotated files.
void follower::mention_compressed(const followed_file& f) {
  if (std::exchange(mentioned_compressed_, true) || !with_.say) return;
  with_.say(
      fmt::format("{0}: compressed, and passed over as all such files are: they do not grow; "
                  "`from {0}` reads one",
                  f.path()));
}

clock::woken follower::wait(time_point until) {
  const auto fd = options_.poll ? -1 : watcher_.fd();
  const auto woken = with_.time->wait_readable(fd, *with_.wake, std::min(until, next_due()));
  take_changes();
  finish_rotated();
  if (with_.time->now() >= look_again_) look_at_everything();
  return woken;
}

time_point follower::next_due() const {
  auto due = look_again_;
  for (const auto& [key, f] : files_) {
    if (f.state == followed_file::name::rotated)
      due = std::min(due, f.rotated_at + options_.rotate_wait);
  }
  return due;
}

void follower::take_changes() {
  if (watcher_.fd() < 0) return;
  bool names_changed = false;
  for (const watcher::change& c : watcher_.changes()) {
    if (c.id < 0) look_again_ = {};
    names_changed |= !c.content;
    if (const auto known = watched_.find(c.id); known != watched_.end()) enqueue(*known->second);
  }
  if (names_changed) list_files();
}

void follower::look_at_everything() {
  list_files();
  for (auto& [key, f] : files_) enqueue(f);
  look_again_ = with_.time->now() + (watching_all_ ? look_pause_watched : pause_);
  pause_ = std::min(pause_ * 2, look_pause_max);
}

/// Gives late writers time, then takes the last line of a rotated file for whole.
void follower::finish_rotated() {
  const auto now = with_.time->now();
  for (auto& [key, f] : files_) {
    if (f.state != followed_file::name::rotated || now < f.rotated_at + options_.rotate_wait)
      continue;
    f.state = followed_file::name::final;
    enqueue(f);
  }
}

void follower::list_files() {
  watching_all_ = !options_.poll && watcher_.fd() >= 0;
  for (auto& [key, f] : files_) f.listed = f.in_place = false;
  for (const std::string& path : options_.paths) list_one(path);
  settle_names();
}

void follower::list_one(const std::string& path) {
  auto pattern = pattern_of(path, *with_.files);
  if (!pattern) {
    watch_directory(directory_of(path));
    return meet(path);
  }
  auto matches = matching_files(std::move(*pattern), *with_.files, how_.unreadable,
                                [this](const std::string& entered) { watch_directory(entered); });
  while (const std::string* match = matches.next()) meet(*match);
}

void follower::meet(const std::string& path) {
  const auto status = with_.files->status(path);
  if (!status || status->is != file_status::kind::regular) return;
  const file_key key{status->device, status->inode};
  const auto known = files_.find(key);
  if (known == files_.end()) {
    add_file(path, path);
    return;
  }
  followed_file& f = known->second;
  f.listed = true;
  f.in_place |= f.path() == path;
  watching_all_ &= f.watch >= 0;
}

/// Watches it before anything of it is read, so that no change falls in between. `name` is where it
/// was first met. Null if it cannot be opened or is there already.
followed_file* follower::add_file(const std::string& path, const std::string& name) {
  const int watch = options_.poll ? -1 : watcher_.watch_file(path);
  watching_all_ &= watch >= 0;
  auto input = with_.files->open(path, open_for::reading);
  const auto status = input ? (*input)->status() : std::unexpected(input.error());
  if (!status) {
    how_.unreadable.add(path, status.error());
    return nullptr;
  }
  const auto [added, is_new] =
      files_.try_emplace({status->device, status->inode}, name, std::move(*input), start_, watch);
  if (!is_new) return nullptr;
  added->second.listed = added->second.in_place = true;
  if (watch >= 0) watched_[watch] = &added->second;
  new_files_.push_back(&added->second);
  return &added->second;
}

/// What was renamed or deleted is read to its end before its successor is.
void follower::settle_names() {
  for (auto at = files_.begin(); at != files_.end();) {
    followed_file& f = at->second;
    if (f.in_place) f.state = followed_file::name::current;
    if (!f.in_place && f.state == followed_file::name::current) {
      f.state = followed_file::name::rotated;
      f.rotated_at = with_.time->now();
      enqueue(f);
    }
    const bool over = f.state == followed_file::name::settled && !f.listed && !f.queued;
    at = over ? forget(at) : std::next(at);
  }
  for (followed_file* const f : std::exchange(new_files_, {})) enqueue(*f);
}

follower::files::iterator follower::forget(files::iterator gone) {
  watcher_.forget(gone->second.watch);
  watched_.erase(gone->second.watch);
  return files_.erase(gone);
}

void follower::enqueue(followed_file& changed) {
  if (!std::exchange(changed.queued, true)) queue_.push_back(&changed);
}

void follower::watch_directory(const std::string& path) {
  if (!options_.poll) watching_all_ &= watcher_.watch_directory(path) >= 0;
}

}  // namespace weir
