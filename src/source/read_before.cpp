#include "source/read_before.hpp"

#include <algorithm>

#include "source/earlier_file.hpp"
#include "source/neighbours.hpp"
#include "source/rotated_name.hpp"

namespace weir {
namespace {

constexpr std::size_t most_in_mind = 10'000;

/// A compressed file does not begin as the shard does that was read from it.
bool is(const file_of_log& f, const std::string& path, const file_status& now, disk& files) {
  if (f.key != file_key{now.device, now.inode}) return false;
  if (f.modified_ns == now.modified_ns) return true;
  const auto read = as_earlier(f);
  return read && is_itself(*read, path, files);
}

}  // namespace

std::optional<earlier_file> as_earlier(const file_of_log& f) {
  const auto mark = parse_file_identity(f.identity);
  if (!mark) return std::nullopt;
  const position read{.offset = f.before_place ? f.before_place->offset : 0};
  return earlier_file{f.log, f.identity, *mark, read, f.modified_ns, f.before_place};
}

rotated_file place_of(const file_of_log& f, const std::function<bool(const std::string&)>& followed,
                      const context& with) {
  rotated_file out{f.log, {}, f.modified_ns};
  for (std::string& path : neighbours(f.log, *with.files)) {
    const auto now = with.files->status(path);
    if (!now || !is(f, path, *now, *with.files)) continue;
    out.path = std::move(path);
    return out;
  }
  const auto read = as_earlier(f);
  if (auto copy = read ? find_copy(*read, followed, with) : std::nullopt)
    out.path = std::move(copy->path);
  return out;
}

void read_before::add(file_of_log f) {
  const auto [known, is_new] = latest_.try_emplace(f.log, f);
  if (!is_new && known->second.modified_ns < f.modified_ns) known->second = f;
  files_.push_back(std::move(f));
  if (files_.size() > most_in_mind) forget_oldest();
}

void read_before::forget_oldest() {
  const file_of_log& oldest = files_.front();
  const auto latest = latest_.find(oldest.log);
  if (latest != latest_.end() && latest->second.identity == oldest.identity) latest_.erase(latest);
  files_.pop_front();
}

bool read_before::has(const std::string& path, disk& files) const {
  const auto now = files.status(path);
  return now && std::ranges::any_of(files_,
                                    [&](const file_of_log& f) { return is(f, path, *now, files); });
}

std::optional<file_of_log> read_before::latest_of(const std::string& log) const {
  const std::string_view front =
      std::string_view{log}.substr(0, log.size() - last_part(log).size() + stem(log).size());
  std::optional<file_of_log> latest;
  for (auto at = latest_.lower_bound(std::string{front}); at != latest_.end(); ++at) {
    const auto& [path, f] = *at;
    if (!path.starts_with(front)) break;
    const bool is_of_log = path == log || rotated_name_of(path, log);
    if (is_of_log && (!latest || latest->modified_ns < f.modified_ns)) latest = f;
  }
  return latest;
}

}  // namespace weir
