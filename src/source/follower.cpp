#include "source/follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <iterator>
#include <string_view>
#include <tuple>

#include "source/neighbours.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

// Nothing is lost meanwhile: the kernel tells of all that happens on this machine.
constexpr std::chrono::nanoseconds look_pause_watched = 10s;
constexpr std::chrono::nanoseconds look_pause_min = 100ms;
constexpr std::chrono::nanoseconds look_pause_max = 1s;

bool stands_for(const std::string& wanted, const std::string& path, disk& files) {
  const auto pattern = pattern_of(wanted, files);
  if (!pattern) return path == wanted;
  return path.starts_with(pattern->base()) &&
         pattern->matches(std::string_view{path}.substr(pattern->base().size()));
}

/// A path or glob, for the state.
shard as_shard(const std::string& wanted) {
  return {.name = wanted, .identity = "followed:" + wanted};
}

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
    : options_(options), how_(how), with_(with), resume_(resume), pause_(look_pause_min) {
  for (const ended_file& f : ended_files_of(resume_)) read_before_.add(f.file);
  std::vector<earlier_file> known = earlier_files(resume_);
  if (options_.tail) tailed_ = first_followed(known);
  for (const std::string& wanted : tailed_)
    to_keep_.push_back({wanted, as_shard(wanted).identity, {}, "followed"});
  take_up_earlier(std::move(known));
  look_at_everything();
  tailed_.clear();
}

/// Current files are the latest ones, whatever somebody still writes to a rotated one.
bool follower::new_file::operator<(const new_file& other) const {
  const auto key = [](const new_file& f) {
    return std::tuple{f.is_current, f.modified_ns,
                      f.name ? std::string_view{f.name->scheme} : std::string_view{}};
  };
  if (key(*this) != key(other)) return key(*this) < key(other);
  if (name && is_rotated_later(*other.name, *name)) return true;
  if (name && is_rotated_later(*name, *other.name)) return false;
  return met < other.met;
}

news follower::next_news() {
  while (!queue_.empty() && !is_over()) {
    news next = std::move(queue_.front());
    queue_.pop_front();
    if (next.copy) keep_begun(nullptr);
    if (next.copy || turns_out_new(*next.in)) {
      pause_ = look_pause_min;
      return next;
    }
  }
  if (!is_over()) resume_.keep(std::exchange(to_keep_, {}));
  return {};
}

/// Looks at a file whose turn it is.
bool follower::turns_out_new(followed_file& f) {
  f.queued = false;
  const auto has_news = f.has_news(options_, resume_);
  if (!has_news) how_.unreadable.add(f.path(), has_news.error());
  if (f.is_compressed()) mention_compressed(f);
  if (const auto cut = f.take_cut_off(); cut && take_up_cut_off(f, *cut)) return false;
  if (f.take_seen_empty() && f.in_place) {
    // While it was empty its log may have been copied and cut off (copytruncate).
    take_up_since_latest(f.path());
    queue_behind_new_files(f);
    return false;
  }
  if (is_over()) return false;
  keep_begun(&f);
  if (has_news.value_or(false)) return true;
  if (f.state == followed_file::name::final) f.state = followed_file::name::settled;
  return false;
}

bool follower::follows(const std::string& path) const {
  return std::ranges::any_of(options_.paths, [&](const std::string& wanted) {
    return stands_for(wanted, path, *with_.files);
  });
}

/// The paths and globs that no run has followed. The state remembers them: it may come to know none
/// of their files, since they are not there, or have been read to their end.
std::vector<std::string> follower::first_followed(const std::vector<earlier_file>& known) const {
  std::vector<std::string> all = options_.paths;
  std::erase_if(all, [&](const std::string& wanted) {
    const bool has_file = std::ranges::any_of(
        known, [&](const earlier_file& f) { return stands_for(wanted, f.name, *with_.files); });
    return has_file || !resume_.token(as_shard(wanted)).empty();
  });
  return all;
}

/// A file may be rotated away before anything of it is committed, which can take as long as a sink
/// waits. One entry has all that are to come: each is synced. A `first` that was begun before needs
/// none.
void follower::keep_begun(followed_file* first) {
  const auto add = [this](followed_file& f) {
    auto shard = f.take_begun();
    if (shard) to_keep_.push_back(std::move(*shard));
    return shard.has_value();
  };
  if (first != nullptr && !add(*first)) return;
  const auto away = rotated_away();
  for (const news& later : queue_) {
    followed_file* const f = later.in;
    if (f == nullptr || f->has_begun()) continue;
    // What came before it is begun with it, once it is its turn.
    if (f->was_seen_empty() && latest_rotated(f->path(), away)) continue;
    if (f->has_news(options_, resume_)) add(*f);
  }
  resume_.keep(std::exchange(to_keep_, {}));
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
  const auto where = std::ranges::find(tailed_, path) != tailed_.end()
                         ? followed_file::start::last_line_end
                         : followed_file::start::beginning;
  auto pattern = pattern_of(path, *with_.files);
  if (!pattern) {
    watch_directory(directory_of(path));
    return meet(path, where);
  }
  auto matches = matching_files(std::move(*pattern), *with_.files, how_.unreadable,
                                [this](const std::string& entered) { watch_directory(entered); });
  while (const std::string* match = matches.next()) meet(*match, where);
}

void follower::meet(const std::string& path, followed_file::start where) {
  const auto status = with_.files->status(path);
  if (!status || status->is != file_status::kind::regular) return;
  const file_key key = key_of(*status);
  const auto known = files_.find(key);
  if (known == files_.end()) {
    if (followed_file* const added = add_file(path, path, where)) came_.push_back(added);
    return;
  }
  followed_file& f = known->second;
  f.listed = true;
  f.in_place |= f.path() == path;
  watching_all_ &= f.watch >= 0;
}

/// Watches it before anything of it is read, so that no change falls in between. `name` is where it
/// was first met. Null if it cannot be opened or is there already.
followed_file* follower::add_file(const std::string& path, const std::string& name,
                                  followed_file::start where, std::optional<file_key> expected) {
  const int watch = options_.poll ? -1 : watcher_.watch_file(path);
  watching_all_ &= watch >= 0;
  auto input = with_.files->open(path, open_for::reading);
  const auto status = input ? (*input)->status() : std::unexpected(input.error());
  if (!status) {
    // It may have been renamed.
    if (status.error().code != ENOENT) how_.unreadable.add(path, status.error());
    return nullptr;
  }
  if (expected && key_of(*status) != *expected) return nullptr;
  const auto [added, is_new] =
      files_.try_emplace(key_of(*status), name, std::move(*input), where, watch);
  if (!is_new) return nullptr;
  added->second.listed = true;
  added->second.in_place = path == name;
  added->second.may_have_ended =
      path == name && std::ranges::find(options_.paths, path) == options_.paths.end();
  if (watch >= 0) watched_[watch] = &added->second;
  new_files_.push_back({path == name,
                        status->modified_ns,
                        rotated_name_of(path, name),
                        new_files_.size(),
                        {.in = &added->second}});
  return &added->second;
}

/// What was renamed or deleted is read to its end before its successor is.
void follower::settle_names() {
  take_up_what_came_between();
  for (auto at = files_.begin(); at != files_.end();) {
    followed_file& f = at->second;
    if (f.in_place) f.state = followed_file::name::current;
    if (!f.in_place && f.state == followed_file::name::current) {
      f.state = followed_file::name::rotated;
      f.rotated_at = with_.time->now();
      const auto is_f = [&f](const new_file& n) { return n.is.in == &f; };
      if (std::ranges::none_of(new_files_, is_f)) enqueue(f);
    }
    const bool over = f.state == followed_file::name::settled && !f.listed && !f.queued;
    at = over ? forget(at) : std::next(at);
  }
  queue_new_files();
}

void follower::queue_new_files() {
  std::ranges::sort(new_files_, std::less{});
  for (new_file& f : std::exchange(new_files_, {})) {
    if (f.is.copy)
      queue_.push_back(std::move(f.is));
    else
      enqueue(*f.is.in);
  }
}

follower::files::iterator follower::forget(files::iterator gone) {
  followed_file& f = gone->second;
  const auto status = f.status();
  if (status) read_before_.add(f.as_of_log(*status));
  watcher_.forget(f.watch);
  watched_.erase(f.watch);
  return files_.erase(gone);
}

void follower::enqueue(followed_file& changed) {
  if (!std::exchange(changed.queued, true)) queue_.push_back({.in = &changed});
}

void follower::watch_directory(const std::string& path) {
  if (!options_.poll) watching_all_ &= watcher_.watch_directory(path) >= 0;
}

}  // namespace weir
