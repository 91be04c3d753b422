#include "sink/objects.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random_name.hpp"
#include "sink/http_answer.hpp"
#include "sink/object_draft.hpp"
#include "sink/open_stems.hpp"
#include "sink/sealed_object.hpp"
#include "weir/batch.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// The engine waits between attempts; while it resumes, nobody does.
constexpr backoff_policy one_attempt{.attempts_max = 1};
/// How many objects a commit makes appear for each that it ends early.
constexpr std::size_t full_for_each_open = 8;
/// By its time or its own wish, not by its size.
constexpr std::size_t any_group_bytes = std::size_t{1} << 40;

std::string content_type_of(const objects_plan& plan) {
  if (plan.stored.as == codec::gzip) return "application/gzip";
  if (plan.stored.as == codec::zstd) return "application/zstd";
  return plan.format == line_format::text ? "text/plain" : "application/x-ndjson";
}

/// The place of a record, as keys have it: the same in every run.
std::string place_of(const record& r) {
  const std::string& shard = r.source().identity;
  return fmt::format("{:016x}-{:012}", XXH3_64bits(shard.data(), shard.size()), r.number());
}

[[noreturn]] void cannot_resume(const delivery_error& why) {
  throw error(why.code, why.message);
}

class objects_sink final : public sink {
 public:
  objects_sink(objects_plan plan, writer_maker store)
      : plan_(std::move(plan)), make_writer_(std::move(store)), run_(random_name()) {
    if (!plan_.keys.varies()) stem_ = plan_.keys.stem();
  }
  ~objects_sink() override { abandon(); }

  void open(const context& with) override;
  std::uint64_t resume(const context& with, const sink_memory& memory) override;
  delivery write(const batch& records) override;
  std::expected<prepared, delivery_error> prepare() override;
  delivery commit(const commit_point& point) override;
  delivery close() override { return {}; }
  commit_group groups() const noexcept override {
    return {.bytes = any_group_bytes, .time = plan_.object_time, .early = false};
  }
  bool wants_commit() const noexcept override;
  bool has_own_record() const noexcept override { return true; }
  bool takes_any_text() const noexcept override { return plan_.format == line_format::text; }
  std::string guarantee() const override { return plan_.guarantee; }

 private:
  void take(const batch& records);
  object_draft& draft_for(const record& r);
  void end_object(object_draft draft);
  bool is_full(const object_draft& d) const noexcept;
  delivery send();
  delivery send_full();
  delivery appear();
  bool finish_all(object_writer& to, const std::vector<sealed_object>& sealed) const;
  static void abort_opened(object_writer& in, const std::vector<std::string>& notes);
  std::size_t parts_open() const noexcept;
  void abandon() noexcept;

  objects_plan plan_;
  writer_maker make_writer_;
  std::string run_;  ///< a name for this run, random
  const context* with_ = nullptr;
  std::unique_ptr<object_writer> writer_;
  draft_sending sending_;
  std::string stem_;  ///< of the record at hand
  open_stems<object_draft> open_;
  std::vector<object_draft> full_;     ///< ended, to be sent
  std::vector<sealed_object> sealed_;  ///< sent, to appear with the next commit
  std::size_t sealed_parts_ = 0;
  bool taken_ = false;  ///< the batch at hand is in the drafts, and only to be sent
};

void objects_sink::open(const context& with) {
  with_ = &with;
  writer_ = make_writer_(with, one_attempt);
  sending_.to = writer_.get();
  sending_.labels = {.content_type = content_type_of(plan_), .words = {{run_word, run_}}};
  sending_.part_bytes = plan_.part_bytes;
}

/// The last commit may have been logged and its objects not have appeared. They do now; what an
/// upload was begun for and did not get into a commit goes.
std::uint64_t objects_sink::resume(const context& with, const sink_memory& memory) {
  open(with);
  sending_.note = memory.note;
  const auto patient = make_writer_(with, {});
  const auto& notes = memory.notes;
  const std::string completed = completion_note(memory.last.entry);
  const bool settled =
      memory.before == memory.last.entry || std::ranges::find(notes, completed) != notes.end();
  const bool all = settled || finish_all(*patient, from_token(memory.token));
  abort_opened(*patient, notes);
  return all ? memory.last.entry : memory.before;
}

bool objects_sink::finish_all(object_writer& to, const std::vector<sealed_object>& sealed) const {
  bool all = true;
  for (const sealed_object& o : sealed) {
    const auto done = finish_after_crash(to, o, sending_.labels);
    if (!done) cannot_resume(done.error());
    all = all && *done == finished::appeared;
  }
  return all;
}

void objects_sink::abort_opened(object_writer& in, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    const std::string key{opened_key(note)};
    if (key.empty()) continue;
    const auto left = in.unfinished(key);
    if (!left) cannot_resume(as_delivery_error(left.error()));
    for (const object_upload& upload : *left) {
      if (const auto done = in.abort(upload); !done) cannot_resume(as_delivery_error(done.error()));
    }
  }
}

delivery objects_sink::write(const batch& records) {
  if (!taken_) take(records);
  taken_ = true;
  if (const delivery done = send(); !done) return done;
  taken_ = false;
  return {};
}

void objects_sink::take(const batch& records) {
  for (const record& r : records) {
    object_draft& d = draft_for(r);
    append_line(r, plan_.format, d.lines());
    d.line_added();
    if (is_full(d)) end_object(open_.take_latest());
  }
}

object_draft& objects_sink::draft_for(const record& r) {
  if (plan_.keys.varies()) {
    stem_.clear();
    plan_.keys.append_stem(r, with_->started_ns, stem_);
  }
  if (object_draft* const known = open_.use(stem_)) return *known;
  if (open_.size() >= plan_.open_objects) end_object(open_.take_oldest());
  std::string marked = stem_;
  add_part_mark(marked);
  return open_.add(
      stem_, object_draft(with_part(std::move(marked), place_of(r)), make_packer(plan_.stored)));
}

bool objects_sink::is_full(const object_draft& d) const noexcept {
  return d.size_bytes() >= plan_.object_bytes || d.lines_in() >= plan_.object_records;
}

void objects_sink::end_object(object_draft draft) {
  draft.end();
  full_.push_back(std::move(draft));
}

delivery objects_sink::send() {
  const delivery sent = open_.for_each([this](object_draft& d) { return d.send(sending_); });
  if (!sent) return sent;
  if (const delivery done = send_full(); !done) return done;
  // Without a state nothing has to be known before they appear.
  return sending_.note ? delivery{} : appear();
}

delivery objects_sink::send_full() {
  while (!full_.empty()) {
    if (const delivery done = full_.back().send(sending_); !done) return done;
    sealed_parts_ += full_.back().parts();
    sealed_.push_back(std::move(full_.back()).seal(run_));
    full_.pop_back();
  }
  return {};
}

/// A commit ends all objects that are open, before they are full. So it waits for many that are.
bool objects_sink::wants_commit() const noexcept {
  return sealed_.size() >= full_for_each_open * std::max<std::size_t>(1, open_.size()) ||
         sealed_parts_ + parts_open() >= plan_.most_parts;
}

std::size_t objects_sink::parts_open() const noexcept {
  std::size_t all = 0;
  open_.for_all([&](const object_draft& d) { all += d.parts(); });
  return all;
}

std::expected<prepared, delivery_error> objects_sink::prepare() {
  while (!open_.empty()) end_object(open_.take_oldest());
  if (const delivery done = send_full(); !done) return std::unexpected(done.error());
  return prepared{.token = sending_.note ? to_token(sealed_) : std::string{}, .refused = {}};
}

delivery objects_sink::commit(const commit_point& point) {
  const bool any = sealed_parts_ > 0;
  if (const delivery done = appear(); !done) return done;
  if (any && sending_.note) {
    if (const delivery done = sending_.note(completion_note(point.entry)); !done) return done;
  }
  sealed_parts_ = 0;
  return {};
}

/// Makes the sealed objects appear.
delivery objects_sink::appear() {
  while (!sealed_.empty()) {
    const auto done = finish(*writer_, sealed_.back(), sending_.labels);
    if (!done) return std::unexpected(done.error());
    if (*done == finished::lost) {
      return std::unexpected(
          delivery_error{.what = delivery_error::kind::broken,
                         .message = writer_->shown(sealed_.back().key) +
                                    ": somebody aborted its upload (with --state, run again)"});
    }
    sealed_.pop_back();
  }
  return {};
}

/// What never got into a commit is of no use to anybody. What did is the next run's, or without a
/// state nobody's.
void objects_sink::abandon() noexcept try {
  if (!writer_) return;
  auto done = open_.for_each([this](object_draft& d) { return d.abandon(*writer_); });
  for (const object_draft& d : full_) {
    if (done) done = d.abandon(*writer_);
  }
  if (sending_.note) return;
  for (const sealed_object& o : sealed_) {
    if (done && !o.upload.empty()) done = writer_->abort({o.key, o.upload});
  }
} catch (...) {
  // There is nobody left to tell.
}

}  // namespace

std::unique_ptr<sink> make_objects_sink(objects_plan plan, writer_maker store) {
  return std::make_unique<objects_sink>(std::move(plan), std::move(store));
}

}  // namespace weir
