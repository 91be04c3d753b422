#include "source/followed_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codec/codec.hpp"
#include "source/read_bytes.hpp"

namespace weir {

followed_file::followed_file(std::string path, std::unique_ptr<file> input, start where,
                             int watch_id)
    : watch(watch_id), path_(std::move(path)), input_(std::move(input)), start_(where) {}

io_result<bool> followed_file::has_news(const line_options& lines, const resume_points& resume) {
  const auto now = input_->status();
  if (!now) return std::unexpected(now.error());
  const auto cut_off = was_cut_off(*now);
  if (!cut_off) return std::unexpected(cut_off.error());
  if (*cut_off) end_at_cut();
  seen_ = *now;
  if (!shard_ && now->size > 0) {
    if (const auto begun = begin_shard(*now, lines, resume); !begun)
      return std::unexpected(begun.error());
  }
  if (now->size == 0) start_ = start::beginning;
  seen_empty_ |= now->size == 0;
  seen_to_ = std::max(seen_to_, seen_.size);
  if (!shard_ || compressed_) return false;
  return state == name::final || seen_.size > std::max(tried_to_, at_.offset);
}

io_result<std::string> followed_file::read_head(std::size_t bytes) {
  std::string head(bytes, '\0');
  const auto got = input_->read_at(head, 0);
  if (!got) return std::unexpected(got.error());
  head.resize(*got);
  return head;
}

/// A file that was cut off and has grown past its old place since is known by its first bytes, or
/// by those in front of that place: all files of a log may begin with the same lines.
io_result<bool> followed_file::was_cut_off(const file_status& now) {
  if (!shard_) return false;
  if (now.size < at_.offset) return true;
  const auto head = read_head(head_bytes_);
  if (!head) return std::unexpected(head.error());
  if (file_identity(now, *head) != head_identity_) return true;
  if (!before_place_) return false;
  const auto mark = read_landmark(*input_, before_place_->offset);
  if (!mark) return std::unexpected(mark.error());
  return *mark != before_place_;
}

file_of_log followed_file::as_of_log(const file_status& now) const {
  return {path_, {now.device, now.inode}, identity(), now.modified_ns, before_place_};
}

bool followed_file::was_cut_off_meanwhile() {
  const auto now = input_->status();
  return now && was_cut_off(*now).value_or(false);
}

/// What follows begins another shard.
void followed_file::end_at_cut() {
  const auto mark = parse_file_identity(shard_->identity);
  if (!compressed_ && mark) {
    cut_off_ = {.of = {path_, shard_->identity, *mark, at_, shard_->modified_ns, before_place_},
                .seen_to = seen_to_};
  }
  if (!compressed_) end();
  shard_ = nullptr;
  begins_again_ = true;
  at_ = {};
  seen_to_ = 0;
}

io_result<void> followed_file::begin_shard(const file_status& now, const line_options& lines,
                                           const resume_points& resume) {
  const auto head = read_head(sniff_bytes);
  if (!head) return std::unexpected(head.error());
  compressed_ = sniff(*head, true) != codec::none;
  bool is_known = earlier_.has_value();
  known_shard known = earlier_
                          ? as_known(*earlier_, now.modified_ns)
                          : recognise(path_, now, *head, begins_again_ ? resume_points{} : resume);
  earlier_.reset();
  head_bytes_ = known.head_bytes;
  head_identity_ = file_identity(now, std::string_view{*head}.substr(0, head_bytes_));
  const std::string delimiter = to_framing_options(lines).delimiter;
  const bool is_another =
      !is_as_read(*known.source, resume) || goes_on_elsewhere(known.from, delimiter);
  if (begins_again_ || known.from.offset > now.size || is_another) {
    // It may begin as before it was cut off: its records are others all the same.
    shard again = *known.source;
    again.identity += fmt::format(":{}", now.modified_ns);
    known = {std::make_shared<const shard>(std::move(again)), {}, head_bytes_};
    is_known = false;
  }
  const bool is_new = !is_known && known.from == position{};
  at_ = known.from;
  if (at_ == position{} && start_ == start::last_line_end) {
    const auto end = end_of_last_line(now.size, delimiter);
    if (!end) return std::unexpected(end.error());
    at_.offset = *end;
  }
  start_ = start::beginning;
  before_place_ = landmark_at(*input_, now.size);
  parser_state_ = nullptr;
  shard_ = std::move(known.source);
  if (is_new && !compressed_) {
    begun_ = {shard_->name, shard_->identity, at_,
              file_token(shard_->identity, shard_->modified_ns, before_place_)};
  }
  tried_to_ = 0;
  return {};
}

/// False for another file of which `resume` takes it for: one that begins alike, with its inode.
bool followed_file::is_as_read(const shard& of, const resume_points& resume) {
  if (!resume) return true;
  const auto known = from_file_token(resume.token(of));
  return !known || weir::is_as_read(*known, *input_);
}

/// A file that was read to its end at `at`, of which no token is left, was another one: that one is
/// not listed any more, or a line ended there. And what was empty a while ago was never read.
bool followed_file::goes_on_elsewhere(position at, std::string_view delimiter) {
  if (!at.past_fault) return false;
  if (!may_have_ended || seen_empty_) return true;
  if (at.offset < delimiter.size()) return false;
  std::string around(delimiter.size() + 1, '\0');
  const auto got = read_fully(*input_, around, at.offset - delimiter.size());
  return got && *got == around.size() && !around.starts_with(delimiter);
}

/// Where the line begins that is not whole yet. Looks back one block: what is longer is taken up in
/// its middle.
io_result<std::uint64_t> followed_file::end_of_last_line(std::uint64_t size,
                                                         const std::string& delimiter) {
  const auto length = std::min<std::uint64_t>(size, block_bytes);
  std::string last(static_cast<std::size_t>(length), '\0');
  const auto got = input_->read_at(last, size - length);
  if (!got) return std::unexpected(got.error());
  last.resize(*got);
  const auto found = last.rfind(delimiter);
  if (found != last.npos) return size - length + found + delimiter.size();
  return size > length ? size : 0;
}

void followed_file::end() {
  ended_ = {as_of_log(seen_), {shard_, at_}};
}

stream followed_file::new_records(const line_options& lines, reading& how, const context& with,
                                  std::optional<io_error>& failed) {
  auto framing = to_framing_options(lines);
  framing.hold_unterminated = state != name::final;
  framing.state = parser_state_ ? *parser_state_ : std::string{};
  if (state == name::final) state = name::settled;
  tried_to_ = seen_.size;
  return frame(read_range(*input_, at_.offset, seen_.size, with, how.stored_bytes, failed), shard_,
               at_, std::move(framing), how.stage, with);
}

void followed_file::note(const batch& some) {
  if (some.runs().empty()) return;
  at_ = some.runs().back().to;
  before_place_ = landmark_at(*input_, at_.offset);
  parser_state_ = some.runs().back().parser_state;
}

std::optional<ended_file> followed_file::take_ended() {
  const bool read = shard_ && !compressed_ && at_.offset >= seen_.size;
  if (!ended_ && read && state == name::settled && !at_.past_fault) {
    end();
    at_.past_fault = true;
  }
  return std::exchange(ended_, std::nullopt);
}

}  // namespace weir
