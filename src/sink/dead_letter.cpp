#include "sink/dead_letter.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/disk.hpp"
#include "record/dead_record.hpp"
#include "record/json_bytes.hpp"
#include "weir/error.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

void append_number(std::string_view key, std::uint64_t number, std::string& out) {
  out.append(key);
  out.append(std::to_string(number));
}

/// Whether another pipeline has written a line behind `from`. What a crash left there may be any
/// bytes: those are nobody's.
bool has_lines_of_others(file& opened, std::uint64_t from, std::string_view one,
                         std::string_view same) {
  const auto is_of_another = [&](std::string_view line) {
    const auto dead = parse_dead_record(line);
    return dead && dead->pipeline != one && dead->pipeline != same;
  };
  std::string text;
  std::array<char, 64 * 1024> piece;
  for (std::size_t got; (got = opened.read_at(piece, from).value_or(0)) > 0; from += got) {
    text.append(piece.data(), got);
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
      if (is_of_another(std::string_view{text}.substr(begin, end - begin))) return true;
      begin = end + 1;
    }
    text.erase(0, begin);
  }
  return false;
}

}  // namespace

void dead_letter::open(const context& with) {
  resume(with, std::nullopt);
}

void dead_letter::resume(const context& with, const std::optional<committed>& last) {
  time_.clear();
  write_json(value::at_nanoseconds(with.started_ns), time_);
  if (!last || is_cut_short(with, *last)) {
    out_.emplace(output::in_place(with, path_, true));
  } else {
    refuse_others(with, *last);
    out_.emplace(output::continued(with, path_, last->bytes));
  }
}

bool dead_letter::is_cut_short(const context& with, const committed& last) const {
  const auto status = with.files->status(path_);
  const std::uint64_t there_are = status ? status->size : 0;
  if (there_are >= last.bytes) return false;
  if (with.say) {
    with.say(fmt::format("{}: it had {} bytes of dead letters, now {}: somebody removed some",
                         path_, last.bytes, there_are));
  }
  return true;
}

void dead_letter::refuse_others(const context& with, const committed& last) const {
  const auto opened = with.files->open(path_, open_for::reading);
  if (!opened) return;
  if (!has_lines_of_others(**opened, last.bytes, pipeline_, last.pipeline)) return;
  throw error(
      exit_code::io,
      fmt::format("{}: another pipeline has written dead letters here since the last run", path_),
      "give each pipeline that has a state its own --dead-letter");
}

delivery dead_letter::write(const batch& from) {
  out_->begin_batch();
  return out_->end_batch(append_all(from));
}

delivery dead_letter::append_all(const batch& from) {
  for (const reject_entry& entry : from.rejects()) {
    append(entry, out_->buffer());
    if (out_->is_full()) {
      if (const delivery done = out_->flush(); !done) return done;
    }
  }
  return out_->flush();
}

void dead_letter::append(const reject_entry& entry, std::string& out) const {
  out.append("{\"time\":");
  out.append(time_);
  out.append(",\"source\":");
  write_json_bytes(entry.source->name, out);
  append_number(",\"number\":", entry.number, out);
  append_number(",\"offset\":", entry.offset, out);
  out.append(",\"stage\":");
  write_json_bytes(entry.stage->name, out);
  out.append(",\"reason\":");
  write_json_bytes(entry.why, out);
  append_number(",\"at\":", entry.at, out);
  out.append(",\"raw\":");
  write_json_bytes(entry.raw, out);
  out.append(",\"shard\":");
  write_json_bytes(entry.source->identity, out);
  out.append(",\"pipeline\":");
  write_json_bytes(pipeline_, out);
  out.append("}\n");
}

}  // namespace weir
