#include "source/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::size_t reasons_kept_max = 100;

/// One directory on the way down.
struct level {
  std::string path;  // with its final slash
  std::uint64_t device;
  std::uint64_t inode;
  std::vector<std::string> names;
  std::size_t next;
  glob::places at;
};

bool is_missing(const io_error& e) {
  return e.code == ENOENT || e.code == ENOTDIR;
}

bool among(const std::vector<level>& above, const file_status& s) {
  return std::ranges::any_of(
      above, [&](const level& l) { return l.device == s.device && l.inode == s.inode; });
}

/// The directory `path`, listed; nothing if it cannot be, or if it lies on the way to itself.
std::optional<level> list_level(std::string path, glob::places at, disk& files,
                                const std::vector<level>& above, unreadable_inputs& unreadable,
                                const directory_visitor& entering) {
  const std::string name = path.empty() ? "." : path;
  const auto status = files.status(name);
  if (!status && is_missing(status.error())) return std::nullopt;
  if (status && among(above, *status)) return std::nullopt;
  if (entering) entering(name);
  auto names = status ? files.list(name) : std::unexpected(status.error());
  if (!names) {
    unreadable.add(name, names.error());
    return std::nullopt;
  }
  return level{std::move(path), status->device, status->inode, std::move(*names), 0, std::move(at)};
}

error empty_glob(const std::string& pattern) {
  return {exit_code::no_input, pattern + ": no file matches",
          "`*` stays in one directory and skips hidden files, `**` goes into subdirectories"};
}

std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (std::string_view{"*?[{\\"}.contains(c)) out += '\\';
    out += c;
  }
  return out;
}

glob everything_below(std::string_view directory) {
  while (directory.size() > 1 && directory.ends_with('/')) directory.remove_suffix(1);
  return glob{(directory == "/" ? "" : escaped(directory)) + "/**"};
}

}  // namespace

error missing_input(const std::string& path) {
  return {exit_code::no_input, path + ": no such file or directory",
          "check the path; `from -` reads standard input; steps stand behind `|`"};
}

void unreadable_inputs::add(std::string_view path, const io_error& why) {
  add(fmt::format("{}: {}", path, why.message()));
}

void unreadable_inputs::add(std::string reason, exit_code code) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(reasons_, reason) != reasons_.end()) return;
  if (code == exit_code::no_input) code = exit_code::io;  // it was there when it was listed
  code_ = count_ == 0 || code == code_ ? code : exit_code::io;
  ++count_;
  if (reasons_.size() < reasons_kept_max) reasons_.push_back(std::move(reason));
}

std::uint64_t unreadable_inputs::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

exit_code unreadable_inputs::code() const {
  const std::lock_guard lock(mutex_);
  return code_;
}

std::vector<std::string> unreadable_inputs::reasons() const {
  const std::lock_guard lock(mutex_);
  return reasons_;
}

generator<const std::string> matching_files(glob pattern, disk& files,
                                            unreadable_inputs& unreadable,
                                            directory_visitor entering) {
  std::vector<level> down;
  auto top = list_level(pattern.base(), pattern.start(), files, down, unreadable, entering);
  if (top) down.push_back(std::move(*top));
  while (!down.empty()) {
    level& here = down.back();
    if (here.next == here.names.size()) {
      down.pop_back();
      continue;
    }
    const std::string& name = here.names[here.next++];
    auto below = pattern.enter(here.at, name);
    const bool wanted = pattern.accepts(here.at, name);
    if (below.empty() && !wanted) continue;
    const std::string path = here.path + name;
    const auto status = files.status(path);
    if (!status) {
      if (wanted && !is_missing(status.error())) unreadable.add(path, status.error());
      continue;
    }
    if (status->is == file_status::kind::regular && wanted) co_yield path;
    if (status->is != file_status::kind::directory || below.empty()) continue;
    auto next = list_level(path + "/", std::move(below), files, down, unreadable, entering);
    if (next) down.push_back(std::move(*next));
  }
}

std::optional<glob> pattern_of(const std::string& path, disk& files) {
  const auto status = files.status(path);
  if (status && status->is == file_status::kind::directory) return everything_below(path);
  if (status || !is_missing(status.error()) || !has_wildcards(path)) return std::nullopt;
  return glob{path};
}

generator<const std::string> named_files(std::vector<std::string> paths, disk& files,
                                         unreadable_inputs& unreadable) {
  for (const std::string& path : paths) {
    auto pattern = pattern_of(path, files);
    if (!pattern) {
      const auto status = path == "-" ? file_status{} : files.status(path);
      if (!status && is_missing(status.error())) throw missing_input(path);
      if (status) co_yield path;
      if (!status) unreadable.add(path, status.error());
      continue;
    }
    const std::uint64_t unreadable_before = unreadable.count();
    bool any = false;
    auto matches = matching_files(std::move(*pattern), files, unreadable);
    while (const std::string* match = matches.next()) {
      any = true;
      co_yield *match;
    }
    // An empty directory is no mistake, and an unreadable one is reported as such.
    if (!any && has_wildcards(path) && unreadable.count() == unreadable_before)
      throw empty_glob(path);
  }
}

}  // namespace weir
