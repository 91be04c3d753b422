#include "source/rotated_since.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "source/neighbours.hpp"
#include "source/rotated_name.hpp"

namespace weir {
namespace {

struct candidate {
  std::string path;
  rotated_name name;
  std::int64_t modified_ns;
};

/// All that are called like a rotated file of `log`.
std::vector<candidate> rotated_files(const std::string& log, disk& files) {
  std::vector<candidate> all;
  for (std::string& path : neighbours(log, files)) {
    auto name = rotated_name_of(path, log);
    if (!name) continue;
    const auto status = files.status(path);
    if (!status || status->is != file_status::kind::regular) continue;
    all.push_back({std::move(path), std::move(*name), status->modified_ns});
  }
  return all;
}

bool is_later(const candidate& a, const candidate& b) {
  if (a.modified_ns != b.modified_ns) return a.modified_ns > b.modified_ns;
  return is_rotated_later(a.name, b.name);
}

bool follows(const candidate& c, const candidate& last, disk& files) {
  if (c.name.scheme != last.name.scheme || !is_later(c, last)) return false;
  return is_rotated_later(c.name, last.name) || !is_compressed(c.path, files);
}

/// Without the name of `last` only one that holds the log's whole name is sure to be of it: there
/// may be a log worker.1.log beside worker.log.
bool outlived(const candidate& c, const rotated_file& last, disk& files) {
  return c.modified_ns > last.modified_ns && c.name.scheme.starts_with(last_part(last.log)) &&
         !is_compressed(c.path, files);
}

std::vector<std::string> paths_of(const std::vector<candidate>& some) {
  std::vector<std::string> paths;
  for (const candidate& c : some) paths.push_back(c.path);
  return paths;
}

std::uint64_t count_of(const rotated_name& name) {
  std::uint64_t count = 0;
  std::from_chars(name.digits.data(), name.digits.data() + name.digits.size(), count);
  return count;
}

/// Counts run from `last` down to the latest one without a gap. That they run down at all shows
/// only where something later has a smaller one.
std::vector<std::string> missing_between(const candidate& last, const std::vector<candidate>& all,
                                         const std::vector<candidate>& later) {
  std::vector<std::string> missing;
  const bool runs_down = !later.empty() && std::ranges::all_of(later, [&](const candidate& c) {
    return is_rotated_later(c.name, last.name);
  });
  if (!runs_down || !last.name.is_counted()) return missing;
  const std::string front = last.path.substr(0, last.path.rfind('/') + 1) +
                            last.name.scheme.substr(0, last.name.scheme.size() - 1);
  for (std::uint64_t count = count_of(last.name) - 1; count > 0; --count) {
    const bool there = std::ranges::any_of(all, [&](const candidate& c) {
      return c.name.scheme == last.name.scheme && count_of(c.name) == count;
    });
    if (!there) missing.push_back(fmt::format("{}{}", front, count));
  }
  return missing;
}

}  // namespace

rotated_since find_rotated_since(const rotated_file& last, disk& files) {
  const std::vector<candidate> all = rotated_files(last.log, files);
  const auto self = std::ranges::find(all, last.path, &candidate::path);
  if (self == all.end() && !last.path.empty()) return {};
  std::vector<candidate> later;
  for (const candidate& c : all) {
    const bool came_later = self == all.end() ? outlived(c, last, files) : follows(c, *self, files);
    if (came_later) later.push_back(c);
  }
  std::ranges::sort(later, [](const candidate& a, const candidate& b) { return is_later(b, a); });
  rotated_since out{paths_of(later), {}};
  if (self != all.end()) out.missing = missing_between(*self, all, later);
  return out;
}

std::vector<std::string> losses(const rotated_file& last, const rotated_since& since) {
  std::vector<std::string> all;
  for (const std::string& path : since.missing) {
    all.push_back(fmt::format("{}: {} is missing: what the log held between two rotations is lost",
                              last.log, path));
  }
  if (last.path.empty() && !since.paths.empty()) {
    all.push_back(
        fmt::format("{}: was rotated more than once while nothing was read, and the file that it "
                    "was is gone: what the log held before {} may be lost",
                    last.log, since.paths.front()));
  }
  return all;
}

}  // namespace weir
