#include "stage/order.hpp"

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

[[noreturn]] void too_much_to_hold(const std::string& stage, const batch& held, const context& with,
                                   const std::string& hint) {
  const std::size_t mebibytes = with.pool->ceiling().limit_bytes() >> 20;
  throw error(exit_code::io,
              stage + ": " + std::to_string(held.size()) + " records fill the memory budget of " +
                  std::to_string(mebibytes) + " MiB and there are more",
              hint);
}

/// Ends the records behind the first `keep_records` places.
void cut(batch& held, const std::vector<std::uint32_t>& places, std::uint64_t keep_records,
         const stage_id& id) {
  for (std::size_t i = keep_records; i < places.size(); ++i) {
    held.end_record(held.all()[places[i]], id.rule);
  }
}

/// Moves what is live into fresh memory, so that what was cut costs nothing any more.
batch compacted(batch& held, const context& with) {
  batch fresh(with.pool);
  fresh.absorb(held, everything, everything);
  return fresh;
}

/// Emits the records of `held` in order, then its runs: a crash in between reads all of them again.
stream in_order(batch held, std::vector<std::uint32_t> places, const context* with) {
  batch part(with->pool);
  std::span<const std::uint32_t> left = places;
  while (!left.empty()) {
    const auto some = left.first(std::min(left.size(), records_in_a_batch));
    left = left.subspan(some.size());
    part.reset(with->pool);
    part.take_loose(held, some);
    co_yield part;
  }
  held.forget_records();
  co_yield held;
}

stream sorted(stream in, std::vector<ordering::key> keys, const context* with) {
  ordering by(std::move(keys), with->started_ns);
  batch held(with->pool);
  batch nothing(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    batch* const b = in.next(wanted);
    if (b == nullptr) break;
    const bool time_only = b->all().empty();
    held.absorb(*b, everything, everything);
    if (with->pool->ceiling().exhausted()) {
      too_much_to_hold("sort", held, *with,
                       "use `top N by ...`, which holds only N records; or raise --memory");
    }
    if (time_only || with->time->now() >= wanted.until) co_yield nothing;
  }
  std::vector<std::uint32_t> places = by.sorted(held);
  stream out = in_order(std::move(held), std::move(places), with);
  while (batch* part = out.next(co_await request)) co_yield *part;
}

stream best(stream in, std::uint64_t records, std::vector<ordering::key> keys, const context* with,
            const stage_id* id) {
  ordering by(std::move(keys), with->started_ns);
  batch held(with->pool);
  batch nothing(with->pool);
  for (;;) {
    const pull wanted = co_await request;
    batch* const b = in.next(wanted);
    if (b == nullptr) break;
    const bool time_only = b->all().empty();
    held.absorb(*b, everything, everything);
    // The source could not go on: what came before its answer has all arrived.
    const bool stuck = time_only && with->pool->ceiling().exhausted();
    if (stuck || held.size() > 2 * records + records_in_a_batch) {
      cut(held, by.sorted(held), records, *id);
      held = compacted(held, *with);
    }
    if (stuck && held.pinned_bytes() > with->pool->ceiling().limit_bytes() / 2) {
      too_much_to_hold("top", held, *with, "keep fewer records, or raise --memory");
    }
    if (time_only || with->time->now() >= wanted.until) co_yield nothing;
  }
  cut(held, by.sorted(held), records, *id);
  held = compacted(held, *with);
  std::vector<std::uint32_t> places = by.sorted(held);
  stream out = in_order(std::move(held), std::move(places), with);
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
                     .whole = [keys = read_ordering(o.by, false, report)](
                                  stream in, const context& with,
                                  const stage_id&) { return sorted(std::move(in), keys, &with); },
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
      .body(grammar::ordering, "by EXPRESSION [asc|desc], ...", &top_options::by)
      .example("The five slowest requests", "from app.ndjson | json | top 5 by duration_ms")
      .makes([](const top_options& o, reporter& report) -> product {
        return stage{
            .per_batch = {},
            .whole = [keys = read_ordering(o.by, true, report), n = o.records](
                         stream in, const context& with,
                         const stage_id& id) { return best(std::move(in), n, keys, &with, &id); },
            .needs_end = true,
            .holds_min_bytes = block_bytes,
            .holds_max_bytes = 0};
      });
}

}  // namespace weir
