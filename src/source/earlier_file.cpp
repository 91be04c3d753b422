#include "source/earlier_file.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <tuple>
#include <utility>

#include "codec/decode.hpp"
#include "source/read_bytes.hpp"

namespace weir {
namespace {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// What the names of a log and of its rotated files have in common: "app" of app.log, app.log.1.gz
/// and app-20260101.log.
std::string_view stem(std::string_view path) {
  const std::string_view name = last_part(path);
  return name.substr(0, name.find('.'));
}

/// The paths in the directory of `f`, written as its own is.
std::vector<std::string> neighbours(const earlier_file& f, disk& files) {
  const std::string directory = f.name.substr(0, f.name.rfind('/') + 1);
  auto paths = files.list(directory_of(f.name)).value_or(std::vector<std::string>{});
  for (std::string& name : paths) name.insert(0, directory);
  return paths;
}

/// The first bytes of `path`, at most `most`.
std::string head_of(const std::string& path, std::size_t most, disk& files) {
  std::string head(most, '\0');
  const auto input = files.open(path, open_for::reading);
  const auto got = input ? (*input)->read_at(head, 0) : std::unexpected(input.error());
  head.resize(got.value_or(0));
  return head;
}

bool is_itself(const earlier_file& f, const std::string& path, disk& files) {
  const auto status = files.status(path);
  return status && status->is == file_status::kind::regular && status->device == f.mark.device &&
         status->inode == f.mark.inode && status->size >= f.at.offset &&
         begins_as(f.mark, head_of(path, f.mark.head_bytes, files));
}

bool is_compressed(const std::string& path, disk& files) {
  return sniff(head_of(path, sniff_bytes, files), true) != codec::none;
}

/// Whether the content of `path` begins as the file did and reaches to where it was read.
bool holds(const earlier_file& f, const std::string& path, const context& with) {
  auto input = with.files->open(path, open_for::reading);
  if (!input) return false;
  std::atomic<std::uint64_t> uncounted = 0;
  std::optional<io_error> failed;
  byte_stream content = decode(read_bytes(std::move(*input), with, uncounted, failed), {}, with);
  std::string head;
  std::uint64_t length = 0;
  const auto reaches = [&](std::uint64_t bytes) {
    while (length < bytes && !with.wake->stopped()) {
      const chunk* const some = content.next(pull{});
      if (some == nullptr || failed) return false;
      head += some->bytes.substr(0, f.mark.head_bytes - head.size());
      length += some->bytes.size();
    }
    return true;
  };
  return reaches(f.mark.head_bytes) && begins_as(f.mark, head) && reaches(f.at.offset);
}

}  // namespace

std::vector<earlier_file> earlier_files(const resume_points& resume) {
  std::vector<earlier_file> all;
  for (remembered_shard& s : resume.with_token()) {
    const auto mark = parse_file_identity(s.token);
    if (mark) all.push_back({std::move(s.name), std::move(s.token), *mark, s.at});
  }
  std::ranges::sort(all, {}, [](const earlier_file& f) { return std::tie(f.name, f.identity); });
  return all;
}

known_shard as_known(const earlier_file& f, std::int64_t modified_ns) {
  shard as{.name = f.name, .identity = f.identity, .modified_ns = modified_ns};
  return {std::make_shared<const shard>(std::move(as)), f.at, f.mark.head_bytes};
}

std::optional<std::string> find_again(const earlier_file& f, disk& files) {
  if (is_itself(f, f.name, files)) return f.name;
  for (std::string& path : neighbours(f, files)) {
    if (is_itself(f, path, files)) return std::move(path);
  }
  return std::nullopt;
}

std::optional<std::string> find_copy(const earlier_file& f,
                                     const std::function<bool(const std::string&)>& followed,
                                     const context& with) {
  std::vector<std::pair<std::int64_t, std::string>> by_age;
  for (std::string& path : neighbours(f, *with.files)) {
    const auto status = with.files->status(path);
    if (!status || status->is != file_status::kind::regular) continue;
    if (!last_part(path).starts_with(stem(f.name))) continue;
    if (followed(path) && !is_compressed(path, *with.files)) continue;
    by_age.emplace_back(status->modified_ns, std::move(path));
  }
  std::ranges::sort(by_age, std::greater{});
  for (auto& [modified_ns, path] : by_age) {
    if (holds(f, path, with)) return std::move(path);
  }
  return std::nullopt;
}

}  // namespace weir
