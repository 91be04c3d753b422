#include "cli/dlq_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "cli/load.hpp"
#include "cli/summary.hpp"
#include "cli/terminal.hpp"
#include "expr/characters.hpp"
#include "record/dead_record.hpp"
#include "sink/visible.hpp"
#include "source/listing.hpp"
#include "source/read_file.hpp"
#include "source/reading.hpp"

namespace weir {
namespace {

std::string visible(std::string_view text) {
  std::string out;
  append_visible(text, out);
  return out;
}

/// The records of one dead letter.
class dead_letter_reader {
 public:
  explicit dead_letter_reader(const invocation& it)
      : path_(dead_letter_in(it.operands.front(), *files_)) {
    with_.pool = std::make_shared<block_pool>(std::make_shared<budget>(memory_bytes(it)));
    with_.time = &time_;
    with_.wake = &wake_;
    with_.files = files_.get();
    how_.options.max_line = {1 << 30};
  }
  const std::string& path() const noexcept { return path_; }

  /// Calls `take` with each record until it answers false. Says which lines are none, and ends
  /// where it looks as if all were.
  template <class Take>
  exit_code each(Take take) {
    stream lines = read_file(path_, how_, with_, {});
    while (const batch* const some = lines.next(pull{})) {
      for (const record& line : *some) {
        if (line.text().empty()) continue;
        const auto d = parse_dead_record(line.text());
        is_dead_letter_ = is_dead_letter_ || d;
        if (d && !take(*d)) return outcome_;
        if (!d) complain(line.number());
        if (is_something_else()) return refuse();
      }
      for (const reject_entry& e : some->rejects()) complain(e.number);
    }
    if (wrong_ > most_complaints) say(fmt::format("and {} more\n", wrong_ - most_complaints));
    for (const std::string& why : how_.unreadable.reasons()) say("error: " + why + "\n");
    return how_.unreadable.count() > 0 ? exit_code::io : outcome_;
  }

 private:
  void complain(std::uint64_t number) {
    outcome_ = exit_code::rejected;
    if (++wrong_ > most_complaints) return;
    say(fmt::format("{}:{}: not a line of a dead letter\n", visible(path_), number));
  }

  bool is_something_else() const { return !is_dead_letter_ && wrong_ >= most_complaints; }

  exit_code refuse() const {
    say(
        fmt::format("error: {} is no dead letter\n"
                    "  = help: `--dead-letter FILE` writes one, and so does `--state DIR`\n",
                    visible(path_)));
    return exit_code::rejected;
  }

  static constexpr std::uint64_t most_complaints = 10;

  std::unique_ptr<disk> files_ = real_disk();
  std::string path_;
  real_clock time_;
  interrupt wake_;
  context with_;
  reading how_;
  exit_code outcome_ = exit_code::ok;
  std::uint64_t wrong_ = 0;
  bool is_dead_letter_ = false;
};

struct tally {
  std::uint64_t count = 0;
  std::uint64_t first = 0;
  std::uint64_t first_offset = 0;
  std::uint64_t last = 0;
  std::uint64_t last_offset = 0;

  void add(const dead_record& d) {
    if (count == 0 || d.number < first)
      std::tie(first, first_offset) = std::tie(d.number, d.offset);
    if (d.number > last) std::tie(last, last_offset) = std::tie(d.number, d.offset);
    ++count;
  }
};

exit_code ls(const invocation& it) {
  dead_letter_reader in(it);
  std::map<std::tuple<std::string, std::string, std::string>, tally> groups;
  const exit_code outcome = in.each([&groups](const dead_record& d) {
    groups[{d.source, d.stage, d.reason}].add(d);
    return true;
  });
  for (const auto& [group, t] : groups) {
    const auto& [source, stage, reason] = group;
    fmt::print("{:>10}  {}: {}: {}; record {} (byte {}) to {} (byte {})\n", t.count,
               visible(source), visible(stage), visible(reason), t.first, t.first_offset + 1,
               t.last, t.last_offset + 1);
  }
  return outcome;
}

/// Enough of a record for a person to see what it is; one can have a gigabyte.
constexpr std::size_t most_shown_bytes = 2000;

/// Its beginning, up to the end of a character, and how much is left out.
std::string shortened(std::string_view raw) {
  if (raw.size() <= most_shown_bytes) return visible(raw);
  std::size_t end = most_shown_bytes;
  while (end > most_shown_bytes - 4 && expr::is_continuation(raw[end])) --end;
  return fmt::format("{}\n  ... and {} bytes more: `--whole`, or a pipe, has all of them",
                     visible(raw.substr(0, end)), raw.size() - end);
}

exit_code show(const invocation& it) {
  dead_letter_reader in(it);
  const bool whole = it.whole_records || !look_at_terminal(STDOUT_FILENO, it.color).present;
  std::uint64_t left = it.limit.value_or(UINT64_MAX);
  return in.each([&](const dead_record& d) {
    if (left == 0) return false;
    if (!d.reason.contains(it.reason)) return true;
    --left;
    fmt::print("{}:{} (byte {}): {}: {}{}\n  {}\n", visible(d.source), d.number, d.offset + 1,
               visible(d.stage), visible(d.reason), place_in_record(d.at),
               whole ? visible(d.raw) : shortened(d.raw));
    return true;
  });
}

}  // namespace

std::string dead_letter_in(const std::string& path, disk& files) {
  const auto status = files.status(path);
  const bool directory = status && status->is == file_status::kind::directory;
  std::string file = directory ? path + "/dead.ndjson" : path;
  if (!files.status(file)) throw missing_input(file);
  return file;
}

exit_code dlq_command(const invocation& it) {
  return it.verb == "ls" ? ls(it) : show(it);
}

}  // namespace weir
