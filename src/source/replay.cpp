#include "source/replay.hpp"

#include <fmt/format.h>

#include <utility>

namespace weir {
namespace {

/// What the source itself refused is not kept whole: a line that is too long, say.
constexpr std::string_view read_stage = "read";

/// With a line break behind it, as lines are read.
record& place(const std::shared_ptr<const shard>& of, std::uint64_t number, std::uint64_t offset,
              std::string_view raw, batch& out) {
  out.open_run(of, {.offset = offset, .number = number - 1});
  const std::string_view kept = out.store().memory.copy(std::string{raw} + '\n');
  record& r = out.add(kept.substr(0, raw.size()), number, offset);
  out.advance({.offset = offset + raw.size(), .number = number});
  return r;
}

}  // namespace

replay::replay(const std::string& path, resume_points resume, const stage_id& stage,
               const context& with)
    : resume_(std::move(resume)),
      stage_(stage),
      with_(with),
      lines_(new_stretch(path, "dead letter:" + path)) {}

void replay::take(const batch& lines, batch& out) {
  for (const record& line : lines) {
    if (!line.text().empty()) take_line(line, out);
  }
  for (const reject_entry& e : lines.rejects()) {
    reject_line(e.number, e.offset, e.raw, e.why, out);
  }
}

void replay::take_line(const record& line, batch& out) {
  const auto d = parse_dead_record(line.text());
  if (!d) {
    return reject_line(line.number(), line.offset(), line.text(), "not a line of a dead letter",
                       out);
  }
  stretch& s = stretch_for(*d);
  s.last = d->number;
  if (d->number <= s.resumed) return;
  record& r = place(s.of, d->number, d->offset, d->raw, out);
  if (d->stage != read_stage) return;
  out.reject_record(r, reject("the dead letter holds only a part of it"), stage_);
}

void replay::reject_line(std::uint64_t number, std::uint64_t offset, std::string_view raw,
                         std::string_view why, batch& out) {
  if (number <= lines_.resumed) return;
  out.reject_record(place(lines_.of, number, offset, raw, out), reject(why), stage_);
}

replay::stretch replay::new_stretch(const std::string& name, std::string identity) const {
  stretch s{.of = std::make_shared<const shard>(shard{
                .name = name, .identity = std::move(identity), .modified_ns = with_.started_ns})};
  if (resume_) s.resumed = resume_(*s.of).number;
  return s;
}

replay::stretch& replay::stretch_for(const dead_record& d) {
  const std::string& identity = d.shard.empty() ? d.source : d.shard;
  std::vector<stretch>& all = known_[identity];
  for (stretch& s : all) {
    if (s.last < d.number) return s;
  }
  const std::string mark = all.empty() ? std::string{} : fmt::format("+{}", all.size() + 1);
  return all.emplace_back(new_stretch(d.source, identity + mark));
}

}  // namespace weir
