#include "sink/dead_letter.hpp"

#include <string_view>

#include "record/json_bytes.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

void append_number(std::string_view key, std::uint64_t number, std::string& out) {
  out.append(key);
  out.append(std::to_string(number));
}

}  // namespace

void dead_letter::open(const context& with) {
  resume(with, std::nullopt);
}

void dead_letter::resume(const context& with, std::optional<std::uint64_t> length_bytes) {
  time_.clear();
  write_json(value::at_nanoseconds(with.started_ns), time_);
  out_.emplace(length_bytes ? output::continued(with, path_, *length_bytes)
                            : output::in_place(with, path_, true));
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
