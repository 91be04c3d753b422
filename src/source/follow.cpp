#include "source/follow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "source/sources.hpp"

namespace weir {

follow_source::follow_source(follow_options options)
    : line_source({static_cast<const line_options&>(options)}), options_(std::move(options)) {}

estimate follow_source::look(const context& with) {
  check_followed(options_.paths, *with.files);
  unreadable_inputs ignored;
  estimate seen;
  seen.endless = true;
  for (const std::string& path : options_.paths) {
    if (auto pattern = pattern_of(path, *with.files)) {
      auto found = matching_files(std::move(*pattern), *with.files, ignored);
      while (found.next()) ++seen.shards;
    } else if (with.files->status(path)) {
      ++seen.shards;
    }
  }
  seen.reason = fmt::format("{} growing {}", seen.shards, seen.shards == 1 ? "file" : "files");
  return seen;
}

stream follow_source::open(const context& with, resume_points resume) {
  return records(with, std::move(resume));
}

stream follow_source::records(const context& with, resume_points resume) {
  check_followed(options_.paths, *with.files);
  follower files(options_, reading_, with, resume);
  stream recalled = recall_ended(resume, ended_, with);
  while (batch* const some = recalled.next(co_await request)) co_yield *some;
  batch nothing;
  stream gone = say_gone(files.take_gone(), reading_, with);
  while (batch* const some = gone.next(co_await request)) co_yield *some;
  for (;;) {
    const pull want = co_await request;
    if (want.drain) co_return;
    news next = files.next_news();
    if (!next) {
      const bool interrupted = files.wait(want.until) == clock::woken::interrupted;
      next = files.next_news();
      // Most of what wakes us is news; if not, there may be time left to wait for some.
      if (!next && (interrupted || with.time->now() >= want.until)) {
        nothing.reset(with.pool);
        co_yield nothing;
      }
      if (!next) continue;
    }
    if (next.copy) {
      if (next.copy->of.before_place)
        landmarks_.add(next.copy->of.identity, *next.copy->of.before_place);
      stream rest = read_rest(std::move(*next.copy), ended_, reading_, with);
      while (batch* const some = rest.next(co_await request)) co_yield *some;
      continue;
    }
    followed_file& file = *next.in;
    if (resume && file.before_place()) landmarks_.add(file.identity(), *file.before_place());
    if (auto cut_off = file.take_ended()) {
      stream end = say_read(std::move(*cut_off), ended_, with);
      while (batch* const some = end.next(co_await request)) co_yield *some;
    }
    std::optional<io_error> failed;
    stream some = file.new_records(options_, reading_, with, failed);
    for (;;) {
      const pull now = co_await request;
      if (now.drain) co_return;
      batch* const records = some.next(now);
      if (records && file.was_cut_off_meanwhile()) files.look_again(file);
      if (!records || file.queued) break;
      file.note(*records);
      if (resume && file.before_place()) landmarks_.add(file.identity(), *file.before_place());
      co_yield *records;
    }
    if (failed) reading_.unreadable.add(file.path(), *failed);
    if (auto settled = file.take_ended()) {
      stream end = say_read(std::move(*settled), ended_, with);
      while (batch* const some = end.next(co_await request)) co_yield *some;
    }
  }
}

std::string follow_source::token_at(const shard& of, position at) {
  if (!at.past_fault) {
    return file_token(of.identity, of.modified_ns, landmarks_.near(of.identity, at.offset));
  }
  landmarks_.forget(of.identity);
  return ended_.token(of.identity);
}

component from_follow() {
  declare<follow_options> follow(component::role::source, "follow",
                                 "Reads files as they grow, through rotation, without end.");
  follow.describe(
      "Like `tail -F`, for any number of files. It reads from the beginning, or with `tail=true` "
      "only what comes after the start (the first one, with `--state`). A path may be a file, "
      "which need not be there yet, a "
      "directory or a glob as for `file`; files that come to match later are read from their "
      "beginning.\n\n"
      "A file that is renamed or deleted is read to its end before its successor, and watched for "
      "late lines for another `rotate_wait`. A file that shrinks, or whose beginning changes, was "
      "cut off (copytruncate) and is read again from its beginning, behind what the copies hold "
      "that nobody had read: what is seen to be in none is said and listed as `unreadable`. Its "
      "last line is left unread until its end is written or the file is rotated. Compressed files "
      "are passed over, which is said once.\n\n"
      "With `--state`, a file that was begun is known to the next run, even if this one is killed "
      "before anything of it is committed. What was not read of one that was rotated is read "
      "before "
      "its successor: it is looked for in its directory (of a symbolic link, where it leads), "
      "under any name by device, inode and first "
      "bytes, and as a copy, compressed or not, by its content, under a name that begins like its "
      "own up to the first dot. The kilobyte in front of the place where it was read tells it from "
      "others that begin alike; where several have that too, it is the oldest one that was written "
      "to when it was, or later. If it is gone, weir says so at once, and the report lists it as "
      "`unreadable`.\n\n"
      "Files that came and went while nothing was read, between two runs or while a sink made weir "
      "wait, are read as well, the oldest first: those in the same directory that are called like "
      "the file that weir knew is called now, but for their digits (`app.log.3` and "
      "`app.log.1.gz`, "
      "`app-20260101.log` and `app-20260102.log`), and were written to after it. A count that is "
      "left out among them, or below the file that weir knew, is said and listed like a file that "
      "is gone. If no other rotated file is left to show that the counts run down, weir says once "
      "that files may be missing. Of a log that was empty, or not there, when weir last looked, it "
      "is what came after the last file of it that weir read; if it never read any, what comes and "
      "goes before it looks again is not looked for.\n\n"
      "Let a glob match the logs, not what they are rotated to (`*.log`, not `app.log*`): weir "
      "finds "
      "that by itself. Where a glob leads to it as well, and files begin with the same kilobyte, "
      "rotation amid kills may still lose or repeat some of it.\n\n"
      "It ends only when the pipeline is drained (Ctrl-C).");
  follow.option("path", &follow_options::paths, "a file, a directory or a glob", required);
  follow.option("tail", &follow_options::tail,
                "begin at the end of the files that are there at the start; with --state, at the "
                "first start");
  follow.option("poll", &follow_options::poll,
                "look at the files every second: for network file systems");
  follow.option("rotate_wait", &follow_options::rotate_wait,
                "how long to wait for late lines in a rotated file");
  add_line_options(follow);
  return follow.makes([](const follow_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    if (std::ranges::find(o.paths, "-") != o.paths.end())
      report.error("`follow` reads files, not standard input", {}, "write `from -`");
    if (o.rotate_wait.count() < 0) report.error("`rotate_wait` must not be negative", {});
    return std::make_unique<follow_source>(o);
  });
}

}  // namespace weir
