#include "sink/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/disk.hpp"
#include "base/require.hpp"
#include "sink/open_stems.hpp"
#include "sink/part.hpp"
#include "sink/part_names.hpp"
#include "sink/part_token.hpp"
#include "weir/batch.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// So many whole parts are worth a commit, whose token names each of them.
constexpr std::size_t most_whole = 64;

/// A part under way, and how records are written to it.
struct open_part {
  part under_way;
  record_lines lines;
};

class parts_sink final : public sink {
 public:
  explicit parts_sink(parts_plan plan) : plan_(std::move(plan)), names_(plan_.rotates()) {
    if (!plan_.names.varies()) stem_ = plan_.names.stem();
  }

  void open(const context& with) override;
  std::uint64_t resume(const context& with, const sink_memory& memory) override;
  delivery write(const batch& records) override;
  std::expected<prepared, delivery_error> prepare() override;
  delivery commit(const commit_point& point) override;
  time_point due() const noexcept override { return open_.empty() ? never : due_; }
  delivery on_due() override;
  bool wants_commit() const noexcept override {
    return whole_.size() >= most_whole || (rotated_ && !whole_.empty());
  }
  bool end() override;
  delivery close() override;
  bool counts_once_closed() const noexcept override { return true; }
  bool takes_any_text() const noexcept override { return plan_.format == line_format::text; }
  std::vector<std::string> files() const override {
    return plan_.names.varies() ? std::vector<std::string>{}
                                : std::vector{names_.name_of(stem_, 1)};
  }
  std::string guarantee() const override {
    return "exactly once with --state; a file appears under its name once it is whole and synced";
  }

 private:
  void begin(const context& with);
  void go_on_from(parts_progress last);
  void go_on_with(part_place open);
  void show_again(const part_place& whole);
  void remove_behind(const std::string& stem);
  delivery noted(delivery done);
  delivery write_all(const batch& records);
  delivery append(const record& r);
  std::expected<open_part*, delivery_error> part_for(const record& r);
  std::expected<open_part*, delivery_error> begin_part();
  std::expected<std::uint64_t, delivery_error> next_number() const;
  bool is_taken(const std::string& name) const;
  delivery rotate_by_time();
  void end_all();
  delivery end_parts();
  delivery end(part& p);
  delivery show(const part_place& whole) {
    return show_part(*with_->files, names_.name_of(whole.stem, whole.number));
  }
  delivery prepare_all();
  parts_progress progress() const;

  parts_plan plan_;
  part_names names_;
  const context* with_ = nullptr;
  bool remembered_ = false;  ///< a state knows the parts: they are shown by its commits
  bool goes_on_ = false;     ///< names that are taken may be our own
  time_point due_ = never;
  std::string stem_;       ///< of the record at hand
  std::size_t taken_ = 0;  ///< records of the batch at hand that are in their parts
  open_stems<open_part> open_;
  std::vector<part> ending_;       ///< to be made durable as a whole
  std::vector<part_place> whole_;  ///< to be shown by the next commit
  bool rotated_ = false;           ///< some of them because their time was over
  delivery so_far_;  ///< the first failure that is for good; nothing is written after it
};

void parts_sink::begin(const context& with) {
  with_ = &with;
  if (plan_.part_time != plan_.never_by_time) due_ = with.time->now() + plan_.part_time;
}

void parts_sink::open(const context& with) {
  begin(with);
  if (plan_.names.varies()) return;
  const std::string first = names_.name_of(stem_, 1);
  if (plan_.append || !is_taken(first)) return;
  throw error(exit_code::usage, first + ": holds data already", parts_plan::taken_hint);
}

std::uint64_t parts_sink::resume(const context& with, const sink_memory& memory) {
  remembered_ = true;
  if (memory.token.empty()) {
    open(with);
    return memory.last.entry;
  }
  auto last = parts_in(memory.token);
  if (!last) {
    throw error(exit_code::io, "the state's token of this sink is not one of parts",
                "use the weir that wrote it");
  }
  begin(with);
  go_on_from(std::move(*last));
  return memory.last.entry;
}

void parts_sink::go_on_from(parts_progress last) {
  goes_on_ = true;
  std::vector<std::string> stems;
  const auto know = [&](const part_place& p) {
    names_.note(p.stem, p.number);
    stems.push_back(p.stem);
  };
  if (!plan_.names.varies()) stems.push_back(stem_);
  for (const part_place& whole : last.whole) {
    know(whole);
    show_again(whole);
  }
  if (last.shown) know(*last.shown);
  for (part_place& open : last.open) {
    know(open);
    go_on_with(std::move(open));
  }
  for (const std::string& stem : stems) remove_behind(stem);
}

void parts_sink::go_on_with(part_place open) {
  const std::string name = names_.name_of(open.stem, open.number);
  std::string stem = open.stem;
  part known = part::continued(*with_, std::move(open), name, make_packer(plan_.stored));
  // The state does not know the columns of a table: it ends where it was committed.
  if (plan_.format == line_format::csv) return ending_.push_back(std::move(known));
  open_.add(std::move(stem), {std::move(known), record_lines(plan_.format, plan_.columns)});
}

/// A crash may have come before it got its name. After that, whoever waits for whole parts may have
/// taken it away.
void parts_sink::show_again(const part_place& whole) {
  disk& files = *with_->files;
  const std::string name = names_.name_of(whole.stem, whole.number);
  const std::string hidden = hidden_name_of(name);
  const auto status = files.status(hidden);
  if (!status) {
    if (files.status(name)) require(sync_directory_of(files, name));
    return;
  }
  if (status->size != whole.bytes) {
    throw error(exit_code::io,
                fmt::format("{}: {} bytes were committed, but it has {}", hidden, whole.bytes,
                            status->size),
                "put the file back as it was, or begin anew with another --state");
  }
  require(show(whole));
}

/// What was begun after the commit that counts will be written again.
void parts_sink::remove_behind(const std::string& stem) {
  std::uint64_t number = names_.latest(stem) + 1;
  while (with_->files->remove(hidden_name_of(names_.name_of(stem, number)))) ++number;
}

delivery parts_sink::noted(delivery done) {
  if (!done && done.error().what != delivery_error::kind::refused) so_far_ = done;
  return done;
}

delivery parts_sink::write(const batch& records) {
  return so_far_ ? noted(write_all(records)) : so_far_;
}

delivery parts_sink::write_all(const batch& records) {
  if (const delivery done = end_parts(); !done) return done;
  if (const delivery done = rotate_by_time(); !done) return done;
  auto r = records.begin();
  for (std::size_t taken = taken_; taken > 0; --taken) ++r;
  for (; r != records.end(); ++r) {
    if (const delivery done = append(*r); !done) return done;
  }
  const delivery done = open_.for_each([](open_part& p) { return p.under_way.out().flush(); });
  if (done) taken_ = 0;
  return done;
}

delivery parts_sink::append(const record& r) {
  const auto to = part_for(r);
  if (!to) return std::unexpected(to.error());
  output& out = (*to)->under_way.out();
  (*to)->lines.append(r, out.buffer());
  ++taken_;
  if (out.size_bytes() >= plan_.part_bytes) {
    ending_.push_back(open_.take_latest().under_way);
    return end_parts();
  }
  return out.is_full() ? out.flush() : delivery{};
}

/// The part that `r` goes to, which is then the latest used.
std::expected<open_part*, delivery_error> parts_sink::part_for(const record& r) {
  if (plan_.names.varies()) {
    stem_.clear();
    plan_.names.append_stem(r, with_->started_ns, stem_);
  }
  if (open_part* const known = open_.use(stem_)) return known;
  return begin_part();
}

std::expected<open_part*, delivery_error> parts_sink::begin_part() {
  if (open_.size() >= plan_.open_files) {
    ending_.push_back(open_.take_oldest().under_way);
    if (const delivery done = end_parts(); !done) return std::unexpected(done.error());
  }
  const auto number = next_number();
  if (!number) return std::unexpected(number.error());
  const std::string name = names_.name_of(stem_, *number);
  auto fresh =
      part::begin(*with_, {.stem = stem_, .number = *number}, name, make_packer(plan_.stored));
  if (!fresh) return std::unexpected(delivery_failed(name, fresh.error()));
  const bool is_first = names_.latest(stem_) == 0;
  names_.note(stem_, *number);
  if (goes_on_ && is_first) remove_behind(stem_);
  return &open_.add(stem_, {std::move(*fresh), record_lines(plan_.format, plan_.columns)});
}

std::expected<std::uint64_t, delivery_error> parts_sink::next_number() const {
  for (std::uint64_t number = names_.latest(stem_) + 1;; ++number) {
    const std::string name = names_.name_of(stem_, number);
    if (!is_taken(name)) return number;
    if (!plan_.append && !goes_on_) {
      return std::unexpected(
          delivery_error{.what = delivery_error::kind::broken,
                         .message = name + ": holds data already; " + parts_plan::taken_hint,
                         .code = exit_code::usage});
    }
  }
}

bool parts_sink::is_taken(const std::string& name) const {
  const auto status = with_->files->status(name);
  return status && (status->size > 0 || status->is != file_status::kind::regular);
}

delivery parts_sink::rotate_by_time() {
  if (due_ == never) return {};
  const time_point now = with_->time->now();
  if (now < due_) return {};
  due_ += plan_.part_time * ((now - due_) / plan_.part_time + 1);
  rotated_ = true;
  end_all();
  return end_parts();
}

delivery parts_sink::on_due() {
  if (!so_far_) return so_far_;
  if (const delivery done = end_parts(); !done) return noted(done);
  return noted(rotate_by_time());
}

void parts_sink::end_all() {
  while (!open_.empty()) ending_.push_back(open_.take_latest().under_way);
}

/// Tries all of them, and gives the first failure; one that is refused stays to be tried again.
delivery parts_sink::end_parts() {
  delivery all;
  while (!ending_.empty()) {
    const delivery done = end(ending_.back());
    if (!done && done.error().what == delivery_error::kind::refused) return done;
    ending_.pop_back();
    if (all) all = done;
  }
  return all;
}

delivery parts_sink::end(part& p) {
  if (const delivery done = p.end(); !done) return done;
  if (!remembered_) return show(p.place());
  whole_.push_back(p.place());
  return {};
}

std::expected<prepared, delivery_error> parts_sink::prepare() {
  const delivery done = so_far_ ? noted(prepare_all()) : so_far_;
  if (!done) return std::unexpected(done.error());
  if (!remembered_) return prepared{};
  return prepared{.token = to_token(progress()), .refused = {}};
}

delivery parts_sink::prepare_all() {
  if (const delivery done = end_parts(); !done) return done;
  return open_.for_each([](open_part& p) { return p.under_way.commit(); });
}

parts_progress parts_sink::progress() const {
  parts_progress now{.whole = whole_};
  open_.for_all([&now](const open_part& p) { now.open.push_back(p.under_way.place()); });
  std::ranges::reverse(now.open);
  if (plan_.names.varies() || !now.open.empty() || !now.whole.empty()) return now;
  const std::uint64_t latest = names_.latest(stem_);
  if (latest > 0) now.shown = {.stem = stem_, .number = latest};
  return now;
}

delivery parts_sink::commit(const commit_point&) {
  while (!whole_.empty()) {
    if (const delivery done = noted(show(whole_.front())); !done) return done;
    whole_.erase(whole_.begin());
  }
  rotated_ = false;
  return {};
}

bool parts_sink::end() {
  if (!remembered_) return false;
  end_all();
  return !ending_.empty();
}

delivery parts_sink::close() {
  end_all();
  const delivery ended = end_parts();
  if (!ended && ended.error().what == delivery_error::kind::refused) return ended;
  if (so_far_) so_far_ = ended;
  return so_far_;
}

}  // namespace

std::unique_ptr<sink> make_parts_sink(parts_plan plan) {
  return std::make_unique<parts_sink>(std::move(plan));
}

}  // namespace weir
