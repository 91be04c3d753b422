#include "source/landmark.hpp"

#include <xxhash.h>

#include <algorithm>
#include <iterator>

namespace weir {
namespace {

/// More of a file are thinned out: a sink that waits may hold a file back for long.
constexpr std::size_t most_of_file = 64;

}  // namespace

std::uint64_t landmark_begin(std::uint64_t offset) {
  return offset - std::min<std::uint64_t>(offset, landmark_bytes);
}

landmark landmark_of(std::uint64_t offset, std::string_view before) {
  return {offset, XXH3_64bits(before.data(), before.size())};
}

io_result<std::optional<landmark>> read_landmark(file& in, std::uint64_t offset) {
  const std::uint64_t begin = landmark_begin(offset);
  std::string before(static_cast<std::size_t>(offset - begin), '\0');
  const auto got = read_fully(in, before, begin);
  if (!got) return std::unexpected(got.error());
  if (*got < before.size()) return std::nullopt;
  return landmark_of(offset, before);
}

std::optional<landmark> landmark_at(file& in, std::uint64_t offset) {
  return read_landmark(in, offset).value_or(std::nullopt);
}

void landmarks::add(const std::string& identity, landmark mark) {
  const std::lock_guard alone(mutex_);
  of_file& marks = all_[identity];
  marks.insert_or_assign(mark.offset, mark);
  if (marks.size() > most_of_file) marks.erase(closest(marks));
}

/// The one whose neighbours lie closest together: what is left stays spread over the file.
landmarks::of_file::iterator landmarks::closest(of_file& marks) {
  const auto gap = [](of_file::iterator at) { return std::next(at)->first - std::prev(at)->first; };
  auto found = std::next(marks.begin());
  for (auto at = found; std::next(at) != marks.end(); ++at) {
    if (gap(at) < gap(found)) found = at;
  }
  return found;
}

std::optional<landmark> landmarks::near(const std::string& identity, std::uint64_t offset) {
  const std::lock_guard alone(mutex_);
  const auto known = all_.find(identity);
  if (known == all_.end()) return std::nullopt;
  of_file& marks = known->second;
  auto at = marks.upper_bound(offset);
  if (at != marks.begin()) at = marks.erase(marks.begin(), std::prev(at));
  return at->second;
}

void landmarks::forget(const std::string& identity) {
  const std::lock_guard alone(mutex_);
  all_.erase(identity);
}

}  // namespace weir
