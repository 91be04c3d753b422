#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "source/follower.hpp"
#include "source/neighbours.hpp"

// What is to be read of logs that were rotated, compressed or cut off, besides the files that their
// paths lead to now.

namespace weir {
namespace {

/// What begins alike and was written to before it may be another file, unless it is long.
bool is_being_copied(const std::string& to, const std::string& log, disk& files) {
  constexpr std::uint64_t long_bytes = 4096;
  const auto now = files.status(log);
  const auto copy = files.status(to);
  if (!now || !copy || now->size == 0) return false;
  const bool may_be = copy->modified_ns >= now->modified_ns || copy->size > long_bytes;
  return may_be && is_beginning_of(to, log, files);
}

}  // namespace

/// The listing that comes next finds that their names lead to others, and queues them in front of
/// those.
void follower::take_up_earlier(std::vector<earlier_file> known) {
  for (earlier_file& f : known) {
    if (is_over()) return;
    // Nearly all are where they were: nobody has to look around for what was renamed meanwhile.
    if (!follows(f.name) || take_up_again(f)) continue;
    if (try_undisturbed(f.name, *with_.files, [&] { return take_up_again(f); })) continue;
    if (is_over()) return;
    doubted_.insert(f.name);
    gone_.push_back(std::move(f));
  }
}

bool follower::take_up_again(earlier_file& f) {
  const file_key key{f.mark.device, f.mark.inode};
  if (const auto path = find_again(f, *with_.files)) {
    followed_file* const added = add_file(*path, f.name, followed_file::start::beginning, key);
    if (added) added->go_on(std::move(f));
    return added != nullptr || files_.contains(key);
  }
  auto copy = open_copy(f);
  if (copy) take_up_copy(std::move(*copy));
  return copy.has_value();
}

/// While nothing was read, because weir did not run or a sink took nothing, a log may have been
/// rotated several times: the files between the one that it was and the one that it is now.
void follower::take_up_what_came_between() {
  if (came_.empty()) return;
  const auto away = rotated_away();
  for (const followed_file* const f : std::exchange(came_, {})) {
    if (std::ranges::find(gone_, f->path(), &earlier_file::name) != gone_.end()) continue;
    if (const auto latest = latest_rotated(f->path(), away)) take_up_since(*latest);
  }
}

void follower::take_up_since_latest(const std::string& log) {
  if (const auto latest = latest_rotated(log, rotated_away())) take_up_since(*latest);
}

/// The files that are followed and are not where their paths lead.
std::vector<followed_file*> follower::rotated_away() {
  std::vector<followed_file*> away;
  for (auto& [key, f] : files_) {
    if (!f.in_place) away.push_back(&f);
  }
  return away;
}

void follower::queue_behind_new_files(followed_file& f) {
  new_files_.push_back({true, 0, std::nullopt, new_files_.size(), {.in = &f}});
  queue_new_files();
}

/// The rest of a file that was cut off is in the copy that somebody made of it (copytruncate); what
/// it held between two cuts is in those that were made later. False if there is no copy.
bool follower::take_up_cut_off(followed_file& f, const followed_file::cut& cut) {
  auto copy = open_copy(cut.of);
  if (!copy) {
    if (cut.seen_to > cut.of.at.offset && !is_over()) mention_cut_off(cut);
    return false;
  }
  f.end_is_said_elsewhere();
  const file_of_log last = as_of_log(*copy);
  take_up_copy(std::move(*copy));
  take_up_since(last);
  queue_behind_new_files(f);
  return true;
}

void follower::mention_cut_off(const followed_file::cut& cut) {
  const std::string what = fmt::format(
      "{}: was cut off when it had been read to byte {} (line {}); the {} bytes behind that are in "
      "no copy that is left: they are lost",
      cut.of.name, cut.of.at.offset, cut.of.at.number, cut.seen_to - cut.of.at.offset);
  if (with_.say) with_.say(what);
  how_.unreadable.add(what);
}

/// The file that a log was last, before the one that it is now.
std::optional<file_of_log> follower::latest_rotated(const std::string& log,
                                                    std::span<followed_file* const> away) {
  std::optional<file_of_log> latest = read_before_.latest_of(log);
  for (followed_file* const f : away) {
    if (f->path() != log) continue;
    const auto status = f->status();
    if (status && (!latest || latest->modified_ns < status->modified_ns))
      latest = f->as_of_log(*status);
  }
  if (latest) latest->log = log;
  return latest;
}

void follower::take_up_since(const file_of_log& f) {
  const auto followed = [this](const std::string& path) { return follows(path); };
  rotated_file last;
  rotated_since since;
  try_undisturbed(f.log, *with_.files, [&] {
    last = place_of(f, followed, with_);
    since = find_rotated_since(last, *with_.files);
    take_up(since.files, f.log);
    return false;
  });
  if (is_over()) return;
  if (since.may_count_up && !since.missing.empty() && !doubted_.insert(last.log).second) return;
  for (const std::string& what : losses(last, since)) {
    if (with_.say) with_.say(what);
    how_.unreadable.add(what);
  }
}

void follower::take_up(const std::vector<named_file>& rotated, const std::string& log) {
  for (const named_file& each : rotated) {
    if (read_before_.has(each.path, *with_.files) || is_copy_of_current(each, log)) continue;
    if (is_compressed(each.path, *with_.files))
      take_up_compressed(each, log);
    else if (!follows(each.path))
      add_file(each.path, log, followed_file::start::beginning, each.key);
  }
}

/// Somebody cuts the log off (copytruncate): what a copy holds of the file that it is now is read
/// there, or in the copy once the file was seen to be cut off.
bool follower::is_copy_of_current(const named_file& rotated, const std::string& log) {
  const auto now = with_.files->status(log);
  if (!now) return false;
  if (is_being_copied(rotated.path, log, *with_.files)) return true;
  const auto known = files_.find(key_of(*now));
  if (known == files_.end()) return false;
  const file_of_log seen = known->second.as_seen();
  const auto begun = as_earlier(seen);
  return begun && rotated.modified_ns >= seen.modified_ns && holds(*begun, rotated.path, with_);
}

/// It has the time of the file that it was made of. That one may have been renamed since the latest
/// listing, and have been met under the name of a rotated file.
bool follower::is_open_uncompressed(const std::string& log, std::int64_t modified_ns) {
  return std::ranges::any_of(files_, [&](auto& entry) {
    followed_file& f = entry.second;
    if (f.path() != log && !rotated_name_of(f.path(), log)) return false;
    const auto status = f.status();
    if (!status || status->modified_ns != modified_ns) return false;
    const auto at_path = with_.files->status(f.path());
    return !at_path || key_of(*at_path) != entry.first;
  });
}

/// It cannot grow: it is read as the copy of a file that is gone.
void follower::take_up_compressed(const named_file& rotated, const std::string& log) {
  const auto f = as_unread(rotated.path, log, with_);
  auto input = f ? with_.files->open(rotated.path, open_for::reading) : std::unexpected(io_error{});
  const auto status = input ? (*input)->status() : std::unexpected(input.error());
  if (!status || is_open_uncompressed(log, status->modified_ns)) return;
  const bool is_it = key_of(*status) == rotated.key && f->mark.inode == rotated.key.second;
  if (!is_it) return;
  const shard of = *as_known(*f, with_.started_ns).source;
  if (resume_ && resume_(of) != position{}) return;
  const std::string token = file_token(f->identity, f->modified_ns, f->before_place);
  to_keep_.push_back({of.name, of.identity, {}, token});
  take_up_copy({*f, rotated.path, *status, std::move(*input)});
}

std::optional<copy_of_file> follower::open_copy(const earlier_file& f) {
  const auto followed = [this](const std::string& path) { return follows(path); };
  std::optional<copy_of_file> copy;
  try_undisturbed(f.name, *with_.files, [&] {
    auto found = find_copy(f, followed, with_);
    auto input =
        found ? with_.files->open(found->path, open_for::reading) : std::unexpected(io_error{});
    const auto status = input ? (*input)->status() : std::unexpected(input.error());
    // What is at its path by now may be another file.
    if (status && key_of(*status) == key_of(found->is))
      copy = {f, std::move(found->path), *status, std::move(*input)};
    return copy.has_value();
  });
  return copy;
}

void follower::take_up_copy(copy_of_file copy) {
  const std::int64_t modified_ns = copy.is.modified_ns;
  read_before_.add(as_of_log(copy));
  auto name = rotated_name_of(copy.path, copy.of.name);
  new_files_.push_back(
      {false, modified_ns, std::move(name), new_files_.size(), {.copy = std::move(copy)}});
}

}  // namespace weir
