#include "source/read_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <utility>

#include "codec/codec.hpp"
#include "source/framed.hpp"
#include "source/identity.hpp"
#include "source/read_ahead.hpp"
#include "source/read_bytes.hpp"
#include "source/shard_end.hpp"

namespace weir {
namespace {

/// A file may change twice within the time that its date of change tells apart.
constexpr std::int64_t settled_after_ns = 2'000'000'000;

/// A file that is open, its first bytes (empty where one cannot look ahead), and where to begin.
struct opened_file {
  std::unique_ptr<file> input;
  file_status status;
  std::string head;
  known_shard at;
};

bool is_regular(const opened_file& f) {
  return f.status.is == file_status::kind::regular;
}

io_result<std::unique_ptr<file>> open_path(const std::string& path, const context& with) {
  if (path == "-") return inherited_input(STDIN_FILENO);
  return with.files->open(path, open_for::reading);
}

/// Nothing makes a pipe the same one in another run.
known_shard pipe_shard(const std::string& path, const context& with) {
  shard as{.name = path, .identity = "stream:" + path, .modified_ns = with.started_ns};
  return {std::make_shared<const shard>(std::move(as)), {}, 0};
}

io_result<opened_file> opened(std::unique_ptr<file> input, const std::string& path,
                              const context& with, const resume_points& resume) {
  opened_file out;
  out.input = std::move(input);
  const auto status = out.input->status();
  if (!status) return std::unexpected(status.error());
  out.status = *status;
  if (!is_regular(out)) {
    out.at = pipe_shard(path, with);
    return out;
  }
  out.head.resize(sniff_bytes);
  const auto got = out.input->read_at(out.head, 0);
  if (!got) return std::unexpected(got.error());
  out.head.resize(*got);
  out.at = recognise(path, out.status, out.head, resume);
  return out;
}

io_result<opened_file> open_input(const std::string& path, const context& with,
                                  const resume_points& resume) {
  auto input = open_path(path, with);
  if (!input) return std::unexpected(input.error());
  return opened(std::move(*input), path, with, resume);
}

bool is_plain(const opened_file& f, const decode_options& how) {
  const auto found = how.as ? how.as : sniff(f.head, f.head.size() < sniff_bytes);
  return found.value_or(codec::none) == codec::none;
}

/// Its bytes are those of its lines: reading may begin anywhere.
bool can_be_sought(const opened_file& f, const reading& how) {
  return is_regular(f) && is_plain(f, to_decode_options(how.options)) &&
         to_transcode_options(how.options, f.head).changes_nothing();
}

/// The file as it is stored now, as a shard: without records, and it ends where those of the file
/// do. So the next run knows where that is, if nobody has written to the file since.
shard version_of(const opened_file& f) {
  return {.name = fmt::format("{} as of {} bytes", f.at.source->name, f.status.size),
          .identity =
              fmt::format("{}#{}:{}", f.at.source->identity, f.status.size, f.status.modified_ns),
          .modified_ns = f.status.modified_ns};
}

/// An earlier run has read all of it. Else only inflating it again could tell.
bool is_finished(const opened_file& f, const reading& how, const resume_points& resume) {
  if (!how.was_read || !is_regular(f) || !how.was_read(*f.at.source)) return false;
  const shard version = version_of(f);
  return how.was_read(version) && resume(version) == f.at.from;
}

/// Null if it is not worth keeping, or if another version could have the same time.
std::shared_ptr<const shard> version_to_keep(const opened_file& f, const reading& how,
                                             const context& with) {
  if (!how.was_read || !is_regular(f) || can_be_sought(f, how)) return nullptr;
  if (with.time->wall_ns() - f.status.modified_ns <= settled_after_ns) return nullptr;
  return std::make_shared<const shard>(version_of(f));
}

/// Why reading came to nothing or to an end too early.
struct reading_failure {
  std::optional<io_error> failed;
  std::uint64_t missing_bytes = 0;  ///< of what an earlier run has read

  explicit operator bool() const noexcept { return failed || missing_bytes > 0; }
};

/// Decompresses on a thread of its own where the pipeline has several and the shard is not one of
/// many that have theirs: inflating takes as long as parsing what comes of it.
bool reads_ahead(const opened_file& f, const reading& how, const context& with) {
  return with.lanes > 1 && !how.shards_have_threads && is_regular(f) &&
         !is_plain(f, to_decode_options(how.options));
}

bool reaches(const opened_file& f, std::uint64_t offset) {
  return !is_regular(f) || f.status.size >= offset;
}

/// The line in front of where reading begins had no end, so it was a record; now it goes on.
bool goes_on_within_line(const opened_file& f, const reading& how, const context& with) {
  if (with.cut_by != nullptr || f.status.size <= f.at.from.offset) return false;
  const std::string delimiter = to_framing_options(how.options).delimiter;
  char before = delimiter.back();
  const auto got = f.input->read_at({&before, 1}, f.at.from.offset - 1);
  return got && before != delimiter.back();
}

void warn_of_torn_line(const opened_file& f, const context& with) {
  if (!with.say) return;
  with.say(fmt::format(
      "{}: the line that ended at byte {} was delivered without its end; what has been written "
      "behind it is read as a line of its own (`from follow` waits for the end of a line)",
      f.at.source->name, f.at.from.offset));
}

/// The content from where reading begins. Plain bytes are sought, if they are there; compressed
/// ones, and those in another character set, are read from the start and dropped.
io_result<byte_stream> content_of(opened_file& from, reading& how, const context& with,
                                  reading_failure& why) {
  auto decoding = to_decode_options(how.options);
  const position begin = from.at.from;
  const bool is_known_content = is_regular(from) && is_plain(from, decoding);
  const transcode_options characters = is_known_content
                                           ? to_transcode_options(how.options, from.head)
                                           : to_transcode_options(how.options);
  const bool same_bytes = can_be_sought(from, how);
  if (begin.offset > 0 && same_bytes && reaches(from, begin.offset)) {
    if (goes_on_within_line(from, how, with)) warn_of_torn_line(from, with);
    if (const auto sought = from.input->seek(begin.offset); !sought)
      return std::unexpected(sought.error());
    how.stored_bytes.fetch_add(begin.offset, std::memory_order_relaxed);
    return read_bytes(std::move(from.input), with, how.stored_bytes, why.failed);
  }
  if (is_regular(from)) decoding.stored_bytes = from.status.size;
  const bool ahead = reads_ahead(from, how, with);
  byte_opener open = [input = std::move(from.input), decoding, &how,
                      &with](std::optional<io_error>& seen) mutable {
    return decode(read_bytes(std::move(input), with, how.stored_bytes, seen), decoding, with);
  };
  auto content = ahead ? read_ahead(std::move(open), with, why.failed) : open(why.failed);
  if (!characters.changes_nothing()) content = transcode(std::move(content), characters, with);
  if (begin == position{}) return content;
  return skip(std::move(content), begin, why.missing_bytes);
}

std::string reason_of(const std::string& path, position known, const reading_failure& why) {
  if (why.failed) return path + ": " + why.failed->message();
  return fmt::format(
      "{}: was read up to byte {} before, but it ends {} bytes short of that: nothing of it is "
      "read "
      "(put it back as it was, or begin anew with another --state)",
      path, known.offset, why.missing_bytes);
}

using opener = std::move_only_function<io_result<opened_file>()>;

stream records_of(std::string path, opener open, reading& how, const context& with,
                  resume_points resume) {
  const bool drained = (co_await request).drain;
  if (drained) co_return;
  reading_failure why;
  auto opened = open();
  if (opened && is_finished(*opened, how, resume)) {
    how.stored_bytes += opened->status.size;
    co_return;
  }
  const auto version = opened ? version_to_keep(*opened, how, with) : nullptr;
  auto content = opened ? content_of(*opened, how, with, why) : std::unexpected(opened.error());
  if (!content) {
    how.unreadable.add(path, content.error());
    co_return;
  }
  const position from = opened->at.from;
  const std::shared_ptr<const shard> of = std::move(opened->at.source);
  reading_progress so_far{.at = from};
  const auto broke_off = [&why] { return static_cast<bool>(why); };
  stream records = framed(std::move(*content), of, from, how, with, broke_off);
  while (batch* const some = records.next(co_await request)) {
    so_far.note(*some);
    co_yield *some;
  }
  if (why) how.unreadable.add(reason_of(path, from, why));
  const bool drained_meanwhile = (co_await request).drain;
  if (why || drained_meanwhile || !version) co_return;
  batch only(with.pool);
  if (!so_far.ended) {
    tell_end(only, of, so_far.at, with);
    co_yield only;
  }
  tell_end(only, version, so_far.at, with);
  co_yield only;
}

}  // namespace

stream read_file(std::string path, reading& how, const context& with, resume_points resume) {
  opener open = [path, &with, resume] { return open_input(path, with, resume); };
  return records_of(std::move(path), std::move(open), how, with, resume);
}

stream read_copy(std::string path, std::unique_ptr<file> input, known_shard of, reading& how,
                 const context& with) {
  opener open = [path, input = std::move(input), &with, of = std::move(of)]() mutable {
    auto copy = opened(std::move(input), path, with, {});
    if (copy) copy->at = of;
    return copy;
  };
  return records_of(std::move(path), std::move(open), how, with, {});
}

stream read_shards(shard_openers listing) {
  while (const shard_opener* const open = listing.next()) {
    stream shard = (*open)();
    while (batch* const some = shard.next(co_await request)) co_yield *some;
    const bool drained = (co_await request).drain;
    if (drained) co_return;
  }
}

}  // namespace weir
