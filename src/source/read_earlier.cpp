#include "source/read_earlier.hpp"

#include <fmt/format.h>

#include <utility>

#include "source/read_file.hpp"

namespace weir {
namespace {

void mention_lost(const earlier_file& f, reading& how, const context& with) {
  const std::string what = fmt::format(
      "{}: the file that was read to byte {} (line {}) is gone from its directory; what was "
      "written to it behind that is lost, and files that came and went after it may be",
      f.name, f.at.offset, f.at.number);
  if (with.say) with.say(what);
  how.unreadable.add(what);
}

/// The checkpoint asks for its token again: there is none any more.
void say_passed(batch& only, ended_file f, const context& with) {
  f.end.at.past_fault = true;
  only.reset(with.pool);
  only.open_run(std::move(f.end.source), f.end.at);
  only.end_shard();
}

}  // namespace

file_of_log as_of_log(const copy_of_file& copy) {
  const earlier_file& f = copy.of;
  return {f.name, {copy.is.device, copy.is.inode}, f.identity, copy.is.modified_ns, f.before_place};
}

void say_ended(batch& only, shard_place end, const context& with) {
  only.reset(with.pool);
  only.open_run(std::move(end.source), end.at);
  end.at.past_fault = true;
  only.advance(end.at);
  only.end_shard();
}

stream say_read(ended_file f, ended_files& last, const context& with) {
  batch only;
  auto passed = last.add(f);
  say_ended(only, std::move(f.end), with);
  co_yield only;
  if (!passed) co_return;
  say_passed(only, std::move(*passed), with);
  co_yield only;
}

stream recall_ended(resume_points resume, ended_files& last, const context& with) {
  batch only;
  for (ended_file& f : ended_files_of(resume)) {
    auto passed = last.add(std::move(f));
    if (!passed) continue;
    say_passed(only, std::move(*passed), with);
    co_yield only;
  }
}

stream say_gone(std::vector<earlier_file> gone, reading& how, const context& with) {
  batch ended;
  for (const earlier_file& f : gone) {
    const bool drained = (co_await request).drain;
    if (drained) co_return;
    mention_lost(f, how, with);
    say_ended(ended, {as_known(f, with.started_ns).source, f.at}, with);
    co_yield ended;
  }
}

stream read_rest(copy_of_file copy, ended_files& last, reading& how, const context& with) {
  const auto status = copy.input->status();
  const known_shard known = as_known(copy.of, status ? status->modified_ns : with.started_ns);
  const std::uint64_t failures = how.unreadable.count();
  position at = copy.of.at;
  stream records = read_copy(copy.path, std::move(copy.input), known, how, with);
  while (batch* const some = records.next(co_await request)) {
    if (!some->runs().empty()) at = some->runs().back().to;
    co_yield *some;
  }
  const bool drained = (co_await request).drain;
  if (drained || how.unreadable.count() > failures) co_return;
  stream end = say_read({as_of_log(copy), {known.source, at}}, last, with);
  while (batch* const some = end.next(co_await request)) co_yield *some;
}

}  // namespace weir
