#include "stage/order.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "stage/ordering.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();
constexpr std::size_t records_in_a_batch = 1000;

struct sort_options {
  std::vector<clause> by;
};

struct top_options {
  std::uint64_t records = 10;
  std::vector<clause> by;
};

/// What a stage holds of the stream to put it in order, within the memory budget.
class held_records {
 public:
  held_records(std::vector<ordering::key> keys, const context& with)
      : with_(with),
        by_(std::move(keys), with.started_ns),
        records_(with.pool),
        room_(with.pool->shared_ceiling()) {}

  /// Makes room for so many records more and their keys; false if there is none.
  bool make_room(std::size_t more) {
    const std::size_t count = records_.all().size() + more;
    const std::size_t now = records_.capacity();
    const std::size_t then = count <= now ? now : std::max(count, now + now / 2);
    const std::size_t bytes = then * sizeof(record) + count * by_.bytes_for_each();
    // While they move, they lie in both places.
    if (!room_.try_hold(then == now ? bytes : bytes + now * sizeof(record))) return false;
    records_.reserve(then);
    room_.hold(bytes);
    return true;
  }
  void absorb(batch& b) { records_.absorb(b, everything, everything); }

  /// Filters those behind the first `keep_records` by the rule of `id`, and moves the others into
  /// fresh memory, so that what was cut costs nothing any more.
  void cut(std::uint64_t keep_records, const stage_id& id) {
    if (records_.size() <= keep_records) return;
    const auto places = by_.sorted(records_);
    for (std::size_t i = keep_records; i < places.size(); ++i) {
      records_.end_record(records_.all()[places[i]], id.rule);
    }
    batch fresh(with_.pool);
    fresh.absorb(records_, everything, everything);
    records_ = std::move(fresh);
    room_.hold(records_.capacity() * sizeof(record));
  }

  std::size_t size() const { return records_.size(); }
  /// So many more than `keep_records` that a cut pays.
  bool far_beyond(std::uint64_t keep_records) const {
    return size() > records_in_a_batch && (size() - records_in_a_batch) / 2 > keep_records;
  }
  bool fill_the_budget() const {
    return records_.pinned_bytes() + records_.capacity() * sizeof(record) >
           with_.pool->ceiling().limit_bytes() / 2;
  }
  std::vector<std::uint32_t> places() { return by_.sorted(records_); }
  std::vector<std::string> numbers_in_texts() const { return by_.numbers_in_texts(); }
  batch& content() { return records_; }

 private:
  const context& with_;
  ordering by_;
  batch records_;
  budget_share room_;
};

/// What tells `sort` from `top`.
struct order_rule {
  std::string stage;
  std::uint64_t keep_records;
  std::string hint;  ///< where the budget is too small
};

[[noreturn]] void too_much_to_hold(const order_rule& rule, std::size_t held, const context& with) {
  const std::size_t mebibytes = with.pool->ceiling().limit_bytes() >> 20;
  throw error(exit_code::io,
              rule.stage + ": " + std::to_string(held) + " records fill the memory budget of " +
                  std::to_string(mebibytes) + " MiB and there are more",
              rule.hint);
}

void tell_of_numbers_in_texts(const std::string& stage, const held_records& held,
                              const context& with) {
  if (!with.say) return;
  for (const std::string& key : held.numbers_in_texts()) {
    with.say(
        fmt::format("{0}: `{1}` is text in all records, so that 10 comes before 9; `csv "
                    "types=infer` reads numbers, and so does `{0} by to_float({1})`",
                    stage, key));
  }
}

/// Emits the records of `held` in order, then its runs: a crash in between reads all of them again.
stream in_order(batch* held, std::vector<std::uint32_t> places, const context* with) {
  batch part(with->pool);
  std::span<const std::uint32_t> left = places;
  while (!left.empty()) {
    const auto some = left.first(std::min(left.size(), records_in_a_batch));
    left = left.subspan(some.size());
    part.reset(with->pool);
    part.take_loose(*held, some);
    co_yield part;
  }
  held->forget_records();
  co_yield *held;
}

stream ordered(stream in, std::vector<ordering::key> keys, order_rule rule, const context* with,
               const stage_id* id) {
  held_records held(std::move(keys), *with);
  batch nothing(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    batch* const b = in.next(wanted);
    if (b == nullptr) break;
    const bool time_only = b->all().empty();
    if (!held.make_room(b->size())) {
      held.cut(rule.keep_records, *id);
      if (!held.make_room(b->size())) too_much_to_hold(rule, held.size(), *with);
    }
    held.absorb(*b);
    // The source could not go on: what came before its answer has all arrived.
    const bool stuck = time_only && with->pool->ceiling().exhausted();
    if (stuck || held.far_beyond(rule.keep_records)) held.cut(rule.keep_records, *id);
    if (stuck && held.fill_the_budget()) too_much_to_hold(rule, held.size(), *with);
    if (time_only || with->time->now() >= wanted.until) {
      nothing.reset(with->pool);
      co_yield nothing;
    }
  }
  held.cut(rule.keep_records, *id);
  std::vector<std::uint32_t> places = held.places();
  tell_of_numbers_in_texts(rule.stage, held, *with);
  stream out = in_order(&held.content(), std::move(places), with);
  while (batch* part = out.next(co_await request)) co_yield *part;
}

}  // namespace

component sort_stage() {
  return declare<sort_options>(component::role::stage, "sort", "Orders all records.")
      .describe(
          "Holds every record until the input ends, so it works on a finite input that fits the\n"
          "memory budget. Equal records keep their order; null and missing come last.")
      .body(grammar::ordering, "by EXPRESSION [asc|desc], ...", &sort_options::by)
      .example("The slowest last", "from app.ndjson | json | sort by duration_ms, time desc")
      .makes([](const sort_options& o, reporter& report) -> product {
        return stage{.per_batch = {},
                     .whole =
                         [keys = read_ordering(o.by, false, report)](stream in, const context& with,
                                                                     const stage_id& id) {
                           order_rule all{
                               "sort", everything,
                               "use `top N by ...`, which holds only N records; or raise --memory"};
                           return ordered(std::move(in), keys, std::move(all), &with, &id);
                         },
                     .needs_end = true,
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = everything};
      });
}

component top_stage() {
  return declare<top_options>(component::role::stage, "top",
                              "Keeps the records with the greatest values.")
      .describe(
          "Holds no more than about twice that many records, whatever the size of the input, "
          "which\n"
          "must end. They come out in order, greatest first; `asc` asks for the least instead.")
      .option("records", &top_options::records, "How many to keep.", positional)
      .body(grammar::ordering, "[RECORDS] by EXPRESSION [asc|desc], ...", &top_options::by)
      .example("The five slowest requests", "from app.ndjson | json | top 5 by duration_ms")
      .makes([](const top_options& o, reporter& report) -> product {
        return stage{.per_batch = {},
                     .whole =
                         [keys = read_ordering(o.by, true, report), n = o.records](
                             stream in, const context& with, const stage_id& id) {
                           order_rule best{"top", n, "keep fewer records, or raise --memory"};
                           return ordered(std::move(in), keys, std::move(best), &with, &id);
                         },
                     .needs_end = true,
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = 0};
      });
}

}  // namespace weir
