#include "source/earlier_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "codec/decode.hpp"
#include "source/neighbours.hpp"
#include "source/read_bytes.hpp"
#include "source/rotated_name.hpp"

namespace weir {
namespace {

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// Nothing where the word is missing: states of before have the identity alone.
template <class Number>
std::optional<Number> take_number(std::string_view& text, int base) {
  const std::string_view word = take_word(text);
  Number number{};
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number, base);
  return read.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

bool has_inode_of(const earlier_file& f, const file_status& status) {
  return status.device == f.mark.device && status.inode == f.mark.inode;
}

/// The content of a file, compressed or not, from its beginning on. Keeps its head, and what stands
/// in front of a place.
class content_reader {
 public:
  content_reader(const std::string& path, std::size_t head_bytes, std::uint64_t place,
                 const context& with)
      : with_(with), head_bytes_(head_bytes), place_(place) {
    auto input = with.files->open(path, open_for::reading);
    const auto status = input ? (*input)->status() : std::unexpected(input.error());
    if (!status) return;
    status_ = *status;
    content_ = decode(read_bytes(std::move(*input), with, uncounted_, failed_), {}, with);
  }

  /// Reads on; whether there is as much.
  bool reaches(std::uint64_t bytes) {
    while (length_ < bytes) {
      const bool stopped = !content_ || with_.wake->stopped();
      const chunk* const some = stopped ? nullptr : content_->next(pull{});
      if (some == nullptr || failed_) return false;
      keep(some->bytes, 0, head_bytes_, head_);
      keep(some->bytes, landmark_begin(place_), place_, before_place_);
      length_ += some->bytes.size();
    }
    return true;
  }
  const std::optional<file_status>& status() const noexcept { return status_; }
  const std::string& head() const noexcept { return head_; }
  const std::string& before_place() const noexcept { return before_place_; }

 private:
  /// Adds to `kept` what of the next bytes lies between `begin` and `end`.
  void keep(std::string_view next, std::uint64_t begin, std::uint64_t end, std::string& kept) {
    const auto from = std::max(begin, length_) - length_;
    const auto to = std::max(end, length_) - length_;
    if (from < next.size() && from < to) kept += next.substr(from, to - from);
  }

  const context& with_;
  std::size_t head_bytes_;
  std::uint64_t place_;
  std::optional<file_status> status_;
  std::atomic<std::uint64_t> uncounted_ = 0;
  std::optional<io_error> failed_;
  std::optional<byte_stream> content_;
  std::string head_;
  std::string before_place_;
  std::uint64_t length_ = 0;
};

/// Compressors leave the file that they make it of until it is whole. But what is at the path of
/// the log may have come since.
bool is_being_made(const std::string& path, const std::string& log, disk& files) {
  const std::string from{without_compressor(path)};
  return from != path && from != log && files.status(from);
}

/// A file that may be a copy of another.
struct candidate {
  bool is_itself;  ///< compressed when it was met
  std::int64_t modified_ns;
  std::string path;
};

/// Some compressors leave parts of a second out of the times that they copy.
std::int64_t seconds(std::int64_t ns) {
  return ns / 1'000'000'000;
}

bool is_rotated_earlier(const candidate& a, const candidate& b, const earlier_file& f) {
  if (a.modified_ns != b.modified_ns) return a.modified_ns < b.modified_ns;
  const auto name_a = rotated_name_of(a.path, f.name);
  const auto name_b = rotated_name_of(b.path, f.name);
  if (name_a && name_b && name_a->scheme == name_b->scheme)
    return is_rotated_later(*name_b, *name_a);
  return a.path < b.path;
}

/// The likeliest one first. Files that were rotated before `f` were last written to before it, the
/// later ones after it.
void sort_likeliest_first(std::vector<candidate>& all, const earlier_file& f) {
  std::ranges::sort(all, [&f](const candidate& a, const candidate& b) {
    if (a.is_itself != b.is_itself) return a.is_itself;
    const bool a_is_old = seconds(a.modified_ns) < seconds(f.modified_ns);
    const bool b_is_old = seconds(b.modified_ns) < seconds(f.modified_ns);
    if (a_is_old != b_is_old) return b_is_old;
    const bool oldest_first = f.modified_ns != 0 && !a_is_old;
    return oldest_first ? is_rotated_earlier(a, b, f) : is_rotated_earlier(b, a, f);
  });
}

}  // namespace

std::string file_token(const std::string& identity, std::int64_t modified_ns,
                       const std::optional<landmark>& before_place) {
  std::string token = fmt::format("{} {}", identity, modified_ns);
  if (before_place) token += fmt::format(" {} {:016x}", before_place->offset, before_place->hash);
  return token;
}

std::optional<earlier_file> from_file_token(std::string_view token) {
  const std::string_view identity = take_word(token);
  const auto mark = parse_file_identity(identity);
  if (!mark) return std::nullopt;
  earlier_file f{.name = {}, .identity = std::string{identity}, .mark = *mark, .at = {}};
  f.modified_ns = take_number<std::int64_t>(token, 10).value_or(0);
  const auto offset = take_number<std::uint64_t>(token, 10);
  const auto hash = take_number<std::uint64_t>(token, 16);
  if (offset && hash) f.before_place = {*offset, *hash};
  return f;
}

bool is_as_read(const earlier_file& f, file& in) {
  if (!f.before_place) return true;
  const auto mark = read_landmark(in, f.before_place->offset);
  return !mark || *mark == f.before_place;
}

std::vector<earlier_file> earlier_files(const resume_points& resume) {
  std::vector<earlier_file> all;
  for (remembered_shard& s : resume.with_token()) {
    if (auto f = s.at.past_fault ? std::nullopt : from_file_token(s.token)) {
      f->name = std::move(s.name);
      f->at = s.at;
      all.push_back(std::move(*f));
    }
  }
  std::ranges::sort(all, {}, [](const earlier_file& f) { return std::tie(f.name, f.identity); });
  return all;
}

known_shard as_known(const earlier_file& f, std::int64_t modified_ns) {
  shard as{.name = f.name, .identity = f.identity, .modified_ns = modified_ns};
  return {std::make_shared<const shard>(std::move(as)), f.at, f.mark.head_bytes};
}

bool is_itself(const earlier_file& f, const std::string& path, disk& files) {
  const auto status = files.status(path);
  if (!status || status->is != file_status::kind::regular || !has_inode_of(f, *status) ||
      status->size < f.at.offset)
    return false;
  const auto input = files.open(path, open_for::reading);
  return input && begins_as(f.mark, head_of(path, f.mark.head_bytes, files)) &&
         is_as_read(f, **input);
}

std::optional<std::string> find_again(const earlier_file& f, disk& files) {
  if (is_itself(f, f.name, files)) return f.name;
  for (std::string& path : neighbours(f.name, files)) {
    if (is_itself(f, path, files)) return std::move(path);
  }
  return std::nullopt;
}

std::optional<file_status> holds(const earlier_file& f, const std::string& path,
                                 const context& with) {
  const landmark mark = f.before_place.value_or(landmark{});
  content_reader content(path, f.mark.head_bytes, mark.offset, with);
  const bool is_same =
      content.reaches(f.mark.head_bytes) && begins_as(f.mark, content.head()) &&
      content.reaches(std::max(f.at.offset, mark.offset)) &&
      (!f.before_place || landmark_of(mark.offset, content.before_place()) == mark);
  return is_same ? content.status() : std::nullopt;
}

std::optional<found_copy> find_copy(const earlier_file& f,
                                    const std::function<bool(const std::string&)>& followed,
                                    const context& with) {
  const std::string at = behind_links(f.name, *with.files);
  std::vector<candidate> likely;
  for (std::string& path : neighbours(at, *with.files)) {
    const auto status = with.files->status(path);
    if (!status || status->is != file_status::kind::regular) continue;
    if (!last_part(path).starts_with(stem(at))) continue;
    if (is_being_made(path, at, *with.files)) continue;
    if (followed(path) && !is_compressed(path, *with.files)) continue;
    const bool is_itself =
        has_inode_of(f, *status) && (f.modified_ns == 0 || f.modified_ns == status->modified_ns);
    likely.push_back({is_itself, status->modified_ns, std::move(path)});
  }
  sort_likeliest_first(likely, f);
  for (candidate& c : likely) {
    if (const auto is = holds(f, c.path, with)) return found_copy{std::move(c.path), *is};
  }
  return std::nullopt;
}

std::optional<earlier_file> as_unread(const std::string& path, const std::string& name,
                                      const context& with) {
  content_reader content(path, identity_head_bytes, 0, with);
  content.reaches(identity_head_bytes);
  const auto& status = content.status();
  if (!status || content.head().empty()) return std::nullopt;
  // The inode may be that of a deleted file that began alike.
  std::string identity =
      fmt::format("{}:{}", file_identity(*status, content.head()), status->modified_ns);
  const auto mark = parse_file_identity(identity);
  return earlier_file{name, std::move(identity), *mark, {}, status->modified_ns};
}

}  // namespace weir
