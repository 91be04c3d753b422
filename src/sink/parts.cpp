#include "sink/parts.hpp"

#include <expected>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/disk.hpp"
#include "sink/open_stems.hpp"
#include "sink/part.hpp"
#include "weir/batch.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

class parts_sink final : public sink {
 public:
  explicit parts_sink(parts_plan plan) : plan_(std::move(plan)) {
    if (!plan_.names.varies()) stem_ = plan_.names.stem();
  }

  void open(const context& with) override;
  delivery write(const batch& records) override;
  std::expected<prepared, delivery_error> prepare() override;
  delivery close() override;
  bool takes_any_text() const noexcept override { return plan_.format == line_format::text; }
  std::vector<std::string> files() const override {
    return plan_.names.varies() ? std::vector<std::string>{} : std::vector{name_at(1)};
  }
  std::string guarantee() const override {
    return "at least once; a file appears under its name once it is whole and synced";
  }

 private:
  delivery write_all(const batch& records);
  delivery append(const record& r);
  std::expected<part*, delivery_error> part_for(const record& r);
  std::expected<part*, delivery_error> begin_part();
  std::expected<std::string, delivery_error> next_name();
  std::string name_at(std::uint64_t number) const;
  bool is_taken(const std::string& name) const;
  delivery rotate_by_time();
  delivery finish_all();

  parts_plan plan_;
  const context* with_ = nullptr;
  time_point due_ = never;
  std::string stem_;  ///< of the record at hand
  open_stems<part> open_;
  /// How many parts each stem has had, by the stem's hash: some 40 bytes a stem, however long it
  /// is. Should two stems meet in one hash, one of them skips numbers.
  std::unordered_map<std::size_t, std::uint64_t> begun_;
  delivery so_far_;  ///< the first failure; nothing is written after it
};

void parts_sink::open(const context& with) {
  with_ = &with;
  if (plan_.part_time != plan_.never_by_time) due_ = with.time->now() + plan_.part_time;
  if (plan_.names.varies()) return;
  if (plan_.append || !is_taken(name_at(1))) return;
  throw error(exit_code::usage, name_at(1) + ": holds data already", parts_plan::taken_hint);
}

delivery parts_sink::write(const batch& records) {
  if (so_far_) so_far_ = write_all(records);
  return so_far_;
}

delivery parts_sink::write_all(const batch& records) {
  if (const delivery done = rotate_by_time(); !done) return done;
  for (const record& r : records) {
    if (const delivery done = append(r); !done) return done;
  }
  return open_.for_each([](part& p) { return p.out().flush(); });
}

delivery parts_sink::append(const record& r) {
  const auto to = part_for(r);
  if (!to) return std::unexpected(to.error());
  output& out = (*to)->out();
  append_line(r, plan_.format, out.buffer());
  if (out.size_bytes() >= plan_.part_bytes) return open_.take_latest().finish();
  return out.is_full() ? out.flush() : delivery{};
}

/// The part that `r` goes to, which is then the latest used.
std::expected<part*, delivery_error> parts_sink::part_for(const record& r) {
  if (plan_.names.varies()) {
    stem_.clear();
    plan_.names.append_stem(r, with_->started_ns, stem_);
  }
  if (part* const known = open_.use(stem_)) return known;
  return begin_part();
}

std::expected<part*, delivery_error> parts_sink::begin_part() {
  if (open_.size() >= plan_.open_files) {
    if (const delivery done = open_.take_oldest().finish(); !done) {
      return std::unexpected(done.error());
    }
  }
  auto name = next_name();
  if (!name) return std::unexpected(std::move(name.error()));
  auto begun = part::begin(*with_->files, *name, make_packer(plan_.stored));
  if (!begun) return std::unexpected(delivery_failed(*name, begun.error()));
  return &open_.add(stem_, std::move(*begun));
}

std::expected<std::string, delivery_error> parts_sink::next_name() {
  std::uint64_t& number = begun_[std::hash<std::string>{}(stem_)];
  for (;;) {
    std::string name = name_at(++number);
    if (!is_taken(name)) return name;
    if (!plan_.append) {
      return std::unexpected(
          delivery_error{.what = delivery_error::kind::broken,
                         .message = name + ": holds data already; " + parts_plan::taken_hint,
                         .code = exit_code::usage});
    }
  }
}

std::string parts_sink::name_at(std::uint64_t number) const {
  std::string stem = stem_;
  if (plan_.rotates()) add_part_mark(stem);
  return name_of_part(std::move(stem), number);
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
  return finish_all();
}

/// Tries all of them, and gives the first failure.
delivery parts_sink::finish_all() {
  delivery all;
  while (!open_.empty()) {
    const delivery done = open_.take_latest().finish();
    if (all) all = done;
  }
  return all;
}

std::expected<prepared, delivery_error> parts_sink::prepare() {
  if (so_far_) so_far_ = open_.for_each([](part& p) { return p.commit(); });
  if (!so_far_) return std::unexpected(so_far_.error());
  return prepared{};
}

delivery parts_sink::close() {
  const delivery finished = finish_all();
  if (so_far_) so_far_ = finished;
  return so_far_;
}

}  // namespace

std::unique_ptr<sink> make_parts_sink(parts_plan plan) {
  return std::make_unique<parts_sink>(std::move(plan));
}

}  // namespace weir
