#include "source/rotated_since.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "source/neighbours.hpp"
#include "source/rotated_name.hpp"

namespace weir {
namespace {

struct candidate {
  std::string path;
  rotated_name name;
  std::int64_t modified_ns;
  file_key key;
};

/// Compressors write beside the file that they remove in the end: until then theirs is not whole.
std::vector<candidate> without_copies(const std::vector<candidate>& found) {
  std::vector<candidate> all;
  std::ranges::copy_if(found, std::back_inserter(all), [&found](const candidate& c) {
    return std::ranges::none_of(found, [&c](const candidate& other) {
      return c.path.size() > other.path.size() && c.path.starts_with(other.path) &&
             c.name == other.name;
    });
  });
  return all;
}

/// All that are called like a rotated file of `log`.
std::vector<candidate> rotated_files(const std::string& log, disk& files) {
  std::vector<candidate> all;
  for (std::string& path : neighbours(log, files)) {
    auto name = rotated_name_of(path, log);
    if (!name) continue;
    const auto status = files.status(path);
    if (!status || status->is != file_status::kind::regular) continue;
    all.push_back({std::move(path), std::move(*name), status->modified_ns, key_of(*status)});
  }
  return without_copies(all);
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
bool outlived(const candidate& c, std::int64_t modified_ns, const std::string& log) {
  return c.modified_ns > modified_ns && c.name.scheme.starts_with(last_part(log));
}

std::vector<named_file> named_files(const std::vector<candidate>& some) {
  std::vector<named_file> named;
  for (const candidate& c : some) named.push_back({c.path, c.key, c.modified_ns});
  return named;
}

std::uint64_t count_of(const rotated_name& name) {
  std::uint64_t count = 0;
  std::from_chars(name.digits.data(), name.digits.data() + name.digits.size(), count);
  return count;
}

enum class counting : std::uint8_t { down, up, unknown };

/// Counts run down where something later has a smaller one, or something older a larger one. They
/// may run up as well (log4j).
counting direction(const candidate& last, const std::vector<candidate>& all,
                   const std::vector<candidate>& later) {
  const auto has_smaller = [&](const candidate& c) { return is_rotated_later(c.name, last.name); };
  if (!later.empty())
    return std::ranges::all_of(later, has_smaller) ? counting::down : counting::up;
  auto seen = counting::unknown;
  for (const candidate& c : all) {
    if (!c.name.is_counted() || c.modified_ns >= last.modified_ns) continue;
    if (has_smaller(c)) return counting::up;
    if (is_rotated_later(last.name, c.name)) seen = counting::down;
  }
  return seen;
}

/// The counts below that of `last` that none of `all` has: if they run down, each was given.
std::vector<left_out> gaps_below(const candidate& last, const std::vector<candidate>& all) {
  std::set<std::uint64_t, std::greater<>> given{0};
  for (const candidate& c : all) {
    if (c.name.scheme == last.name.scheme) given.insert(count_of(c.name));
  }
  const std::string front = last.path.substr(0, last.path.rfind('/') + 1) +
                            last.name.scheme.substr(0, last.name.scheme.size() - 1);
  std::vector<left_out> gaps;
  std::uint64_t above = count_of(last.name);
  for (const std::uint64_t count : given) {
    if (count >= above) continue;
    if (count + 1 < above)
      gaps.push_back(
          {fmt::format("{}{}", front, above - 1), fmt::format("{}{}", front, count + 1)});
    above = count;
  }
  return gaps;
}

std::string range_of(const left_out& gap) {
  return gap.oldest == gap.newest ? gap.oldest : fmt::format("{} to {}", gap.newest, gap.oldest);
}

std::string loss(const std::string& log, const left_out& gap, bool may_count_up) {
  if (may_count_up) {
    return fmt::format(
        "{}: {} may be missing: nothing shows whether rotated files count up or down; if down, "
        "what the log held between two rotations is lost",
        log, range_of(gap));
  }
  return fmt::format("{}: {} {} missing: what the log held between two rotations is lost", log,
                     range_of(gap), gap.oldest == gap.newest ? "is" : "are");
}

}  // namespace

rotated_since find_rotated_since(const rotated_file& last, disk& files) {
  const std::string log = behind_links(last.log, files);
  const std::vector<candidate> all = rotated_files(log, files);
  const auto self = std::ranges::find(all, last.path, &candidate::path);
  if (self == all.end() && !last.path.empty()) return {};
  std::vector<candidate> later;
  for (const candidate& c : all) {
    const bool came_later =
        self == all.end() ? outlived(c, last.modified_ns, log) : follows(c, *self, files);
    if (came_later) later.push_back(c);
  }
  std::ranges::sort(later, [](const candidate& a, const candidate& b) { return is_later(b, a); });
  rotated_since out{named_files(later), {}, false};
  if (self == all.end() || !self->name.is_counted()) return out;
  const counting counts = direction(*self, all, later);
  if (counts != counting::up) out.missing = gaps_below(*self, all);
  out.may_count_up = counts == counting::unknown;
  return out;
}

std::vector<std::string> losses(const rotated_file& last, const rotated_since& since) {
  std::vector<std::string> all;
  for (const left_out& gap : since.missing) all.push_back(loss(last.log, gap, since.may_count_up));
  if (last.path.empty() && !since.files.empty()) {
    all.push_back(
        fmt::format("{}: was rotated more than once while nothing was read, and the file that it "
                    "was is gone: what the log held before {} may be lost",
                    last.log, since.files.front().path));
  }
  return all;
}

}  // namespace weir
