#include "source/earlier_file.hpp"

#include <algorithm>
#include <atomic>
#include <compare>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

#include "codec/decode.hpp"
#include "source/neighbours.hpp"
#include "source/read_bytes.hpp"

namespace weir {
namespace {

/// What the names of a log and of its rotated files have in common: "app" of app.log, app.log.1.gz
/// and app-20260101.log.
std::string_view stem(std::string_view path) {
  const std::string_view name = last_part(path);
  return name.substr(0, name.find('.'));
}

bool is_itself(const earlier_file& f, const std::string& path, disk& files) {
  const auto status = files.status(path);
  return status && status->is == file_status::kind::regular && status->device == f.mark.device &&
         status->inode == f.mark.inode && status->size >= f.at.offset &&
         begins_as(f.mark, head_of(path, f.mark.head_bytes, files));
}

/// The content of a file, compressed or not, from its beginning on.
class content_reader {
 public:
  content_reader(const std::string& path, std::size_t head_bytes, const context& with)
      : with_(with), head_bytes_(head_bytes) {
    auto input = with.files->open(path, open_for::reading);
    if (!input) return;
    content_ = decode(read_bytes(std::move(*input), with, uncounted_, failed_), {}, with);
  }

  /// Reads on; whether there is as much.
  bool reaches(std::uint64_t bytes) {
    while (length_ < bytes) {
      const bool stopped = !content_ || with_.wake->stopped();
      const chunk* const some = stopped ? nullptr : content_->next(pull{});
      if (some == nullptr || failed_) return false;
      head_ += some->bytes.substr(0, head_bytes_ - head_.size());
      length_ += some->bytes.size();
    }
    return true;
  }
  const std::string& head() const noexcept { return head_; }

 private:
  const context& with_;
  std::size_t head_bytes_;
  std::atomic<std::uint64_t> uncounted_ = 0;
  std::optional<io_error> failed_;
  std::optional<byte_stream> content_;
  std::string head_;
  std::uint64_t length_ = 0;
};

/// Whether the content of `path` begins as the file did and reaches to where it was read.
bool holds(const earlier_file& f, const std::string& path, const context& with) {
  content_reader content(path, f.mark.head_bytes, with);
  return content.reaches(f.mark.head_bytes) && begins_as(f.mark, content.head()) &&
         content.reaches(f.at.offset);
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
  for (std::string& path : neighbours(f.name, files)) {
    if (is_itself(f, path, files)) return std::move(path);
  }
  return std::nullopt;
}

std::optional<std::string> find_copy(const earlier_file& f,
                                     const std::function<bool(const std::string&)>& followed,
                                     const context& with) {
  struct candidate {
    bool is_itself;
    std::int64_t modified_ns;
    std::string path;
    auto operator<=>(const candidate&) const = default;
  };
  std::vector<candidate> likely;
  for (std::string& path : neighbours(f.name, *with.files)) {
    const auto status = with.files->status(path);
    if (!status || status->is != file_status::kind::regular) continue;
    if (!last_part(path).starts_with(stem(f.name))) continue;
    if (followed(path) && !is_compressed(path, *with.files)) continue;
    const bool is_itself = status->device == f.mark.device && status->inode == f.mark.inode;
    likely.push_back({is_itself, status->modified_ns, std::move(path)});
  }
  std::ranges::sort(likely, std::greater{});
  for (candidate& c : likely) {
    if (holds(f, c.path, with)) return std::move(c.path);
  }
  return std::nullopt;
}

std::optional<earlier_file> as_unread(const std::string& path, const std::string& name,
                                      const context& with) {
  const auto status = with.files->status(path);
  content_reader content(path, identity_head_bytes, with);
  content.reaches(identity_head_bytes);
  if (!status || content.head().empty()) return std::nullopt;
  std::string identity = file_identity(*status, content.head());
  const auto mark = parse_file_identity(identity);
  return earlier_file{name, std::move(identity), *mark, {}};
}

}  // namespace weir
