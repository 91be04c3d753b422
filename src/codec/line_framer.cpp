#include "codec/line_framer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {
line_framer::line_framer(std::shared_ptr<const shard> of, position from, framing_options options,
                         const stage_id& stage)
    : framer(std::move(of), from, std::move(options), stage),
      last_byte_(options_.delimiter.back()),
      strips_cr_(options_.delimiter == "\n") {}

bool line_framer::frame_some(batch& out) {
  out.open_run(shard_, at_);
  if (!rest_.empty()) {
    out.store().memory.adopt(memory_);
    const bool ended_line = line_bytes_ > 0 && end_open_line(out);
    if (ended_line || line_bytes_ == 0) frame_whole_lines(out, most_records - ended_line);
  }
  note_verified(out);
  if (rest_.empty()) {
    memory_ = nullptr;
    if (fault_) reject_fault(out);
  }
  out.advance(at_);
  return !rest_.empty();
}

inline const char* line_framer::find_byte(const char* at, const char* end) const noexcept {
  return static_cast<const char*>(std::memchr(at, last_byte_, static_cast<std::size_t>(end - at)));
}

inline std::string_view line_framer::without_cr(std::string_view line) const noexcept {
  if (line.ends_with('\r') && strips_cr_) line.remove_suffix(1);
  return line;
}

void line_framer::frame_whole_lines(batch& out, std::size_t room) {
  const char* at = rest_.data();
  const char* const end = at + rest_.size();
  const std::size_t width = options_.delimiter.size();
  for (; room > 0 && at != end; --room) {
    const char* const stop = width == 1 ? find_byte(at, end) : find_delimiter(at, end);
    if (!stop) {
      grow_open_line({at, end});
      at = end;
      break;
    }
    const std::string_view line{at, stop};
    add_line(out, without_cr(line), line.size() + width, lies::in_chunk);
    at = stop + width;
  }
  rest_ = {at, end};
}

/// Looks for the end of the line that earlier chunks began. If it is not there, the chunk is all of
/// that line.
bool line_framer::end_open_line(batch& out) {
  const std::size_t width = options_.delimiter.size();
  const std::size_t before = straddling();
  std::size_t used = width - before;
  if (before == 0) {
    const char* const stop = find_delimiter(rest_.data(), rest_.data() + rest_.size());
    const bool found = stop != nullptr;
    const std::size_t size = found ? static_cast<std::size_t>(stop - rest_.data()) : rest_.size();
    grow_open_line(rest_.substr(0, size));
    used = size + (found ? width : 0);
    if (!found) {
      rest_ = {};
      return false;
    }
  }
  rest_.remove_prefix(used);
  const std::uint64_t line_bytes = line_bytes_ - before;
  line_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(line_.size(), line_bytes)));
  add_line(out, without_cr(line_), line_bytes + width, lies::in_line);
  close_open_line();
  return true;
}

/// How many bytes of a delimiter the open line ends with that the chunk completes; the most, since
/// that delimiter comes first.
std::size_t line_framer::straddling() const noexcept {
  const std::string_view delimiter = options_.delimiter;
  for (std::size_t before = edge_.size(); before > 0; --before) {
    if (edge_.ends_with(delimiter.substr(0, before)) &&
        rest_.starts_with(delimiter.substr(before))) {
      return before;
    }
  }
  return 0;
}

const char* line_framer::find_delimiter(const char* at, const char* end) const noexcept {
  if (options_.delimiter.size() == 1) return find_byte(at, end);
  const std::string_view bytes{at, end};
  const std::size_t found = bytes.find(options_.delimiter);
  return found == bytes.npos ? nullptr : at + found;
}

/// Adds the line that lies in the next `bytes` bytes of the shard.
void line_framer::add_line(batch& out, std::string_view line, std::uint64_t bytes, lies where) {
  std::uint64_t start = at_.offset;
  at_ = {start + bytes, at_.number + 1};
  if (start == 0 && line.starts_with(byte_order_mark)) [[unlikely]] {
    line.remove_prefix(byte_order_mark.size());
    start = byte_order_mark.size();
  }
  const bool too_long = line.size() > options_.max_line_bytes;
  const bool refused = too_long && options_.too_long == framing_options::long_line::reject;
  if (too_long) [[unlikely]] {
    line = line.substr(0, refused ? reject_raw_bytes : options_.max_line_bytes);
  }
  if (where == lies::in_line) line = out.store().memory.copy(line);
  record& added = out.add(line, at_.number, start);
  added.set_many_lines(last_byte_ != '\n');
  if (refused) [[unlikely]]
    out.reject_record(added, reject("line longer than max_line"), *stage_);
}

/// Adds the open line as it stands: nothing that could end it will come. A lone byte order mark is
/// no line.
void line_framer::add_open_line(batch& out) {
  if (at_.offset == 0 && line_ == byte_order_mark)
    at_.offset = line_bytes_;
  else
    add_line(out, line_, line_bytes_, lies::in_line);
  close_open_line();
}

void line_framer::grow_open_line(std::string_view piece) {
  // Enough for what is shown of it, and to see that it is too long whatever is stripped from it.
  const std::size_t most = std::max(options_.max_line_bytes, reject_raw_bytes) +
                           byte_order_mark.size() + options_.delimiter.size() + 1;
  if (line_.size() < most) line_ += piece.substr(0, most - line_.size());
  line_bytes_ += piece.size();
  const std::size_t edge = options_.delimiter.size() - 1;
  if (edge == 0) return;
  edge_ += piece.substr(piece.size() - std::min(piece.size(), edge));
  if (edge_.size() > edge) edge_.erase(0, edge_.size() - edge);
}

void line_framer::close_open_line() noexcept {
  line_.clear();
  edge_.clear();
  line_bytes_ = 0;
}

bool line_framer::finish(batch& out) {
  if (options_.hold_unterminated || (line_bytes_ == 0 && at_ == begun_)) return false;
  out.open_run(shard_, at_);
  if (line_bytes_ > 0) add_open_line(out);
  out.advance(at_);
  out.end_shard();
  return true;
}

void line_framer::reject_fault(batch& out) {
  if (line_bytes_ > 0 && !fault_->cuts_line) add_open_line(out);
  add_fault(out, line_, line_bytes_);
  close_open_line();
}

}  // namespace weir
