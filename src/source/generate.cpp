#include "source/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "base/memory_pause.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

// A thousand lines of 240 bytes fill one block.
constexpr std::uint64_t batch_records_max = 1000;
// Slower than this, each record gets a wake-up of its own.
constexpr double wakeups_per_second_max = 100;
// 2026-01-01T00:00:00Z
constexpr std::int64_t first_time_ns = 1'767'225'600'000'000'000;

/// How many records one wake-up is worth.
std::uint64_t records_a_wakeup(double rate) {
  const double share = std::min(rate / wakeups_per_second_max, 1.0 * batch_records_max);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share));
}

}  // namespace

generate_source::generate_source(generate_options options)
    : options_(std::move(options)), shape_(find_shape(options_.shape)) {}

estimate generate_source::look(const context&) {
  return {.bytes = {},
          .records = options_.count,
          .shards = 1,
          .endless = !options_.count,
          .reason = options_.count ? fmt::format("{} synthetic records", *options_.count)
                                   : "synthetic records without end"};
}

stream generate_source::open(const context& with, resume_points resume) {
  return records(with, std::move(resume));
}

/// Everything that decides about the bytes is part of its identity.
shard generate_source::describe_shard() const {
  return {.name = "generate",
          .identity = fmt::format("generate:{}:{}:{}:{}", options_.shape, options_.seed,
                                  options_.malformed, options_.every.count()),
          .modified_ns = first_time_ns};
}

stream generate_source::records(const context& with, resume_points resume) const {
  const auto of = std::make_shared<const shard>(describe_shard());
  position at = resume ? resume(*of) : position{};
  const auto count = options_.count.value_or(std::numeric_limits<std::uint64_t>::max());
  const auto first = at.number;
  std::optional<pace> due;
  if (options_.rate > 0) due.emplace(options_.rate, with.time->now());
  memory_pause memory;
  batch out;
  while (at.number < count) {
    const pull want = co_await request;
    if (want.drain) co_return;
    out.reset(with.pool);
    out.open_run(of, at);
    if (with.pool->ceiling().exhausted()) {
      memory.pause(with, want);
    } else {
      memory.over();
      fill(out, at, wait_for_due(due, at.number - first, count - at.number, with, want));
    }
    co_yield out;
  }
}

/// How many records may be made now; waits for at least one of them, up to `want.until`.
std::uint64_t generate_source::wait_for_due(const std::optional<pace>& due, std::uint64_t made,
                                            std::uint64_t left, const context& with,
                                            const pull& want) const {
  const auto most = std::min(left, batch_records_max);
  if (!due) return most;
  if (due->due(with.time->now()) <= made) {
    const auto next = due->when(made + std::min(left, records_a_wakeup(options_.rate)));
    with.time->wait_readable(-1, *with.wake, std::min(want.until, next));
  }
  const auto by_now = due->due(with.time->now());
  return by_now <= made ? 0 : std::min(most, by_now - made);
}

void generate_source::fill(batch& out, position& at, std::uint64_t count) const {
  out.reserve(count);
  arena& memory = out.store().memory;
  const std::int64_t every_ns = options_.every.count();
  for (; count > 0; --count) {
    record_random random(options_.seed, at.number);
    char* const line = memory.allocate(line_bytes_max);
    const auto time_ns = first_time_ns + static_cast<std::int64_t>(at.number) * every_ns;
    char* end = shape_->write(line, time_ns, random);
    if (options_.malformed > 0 && random.chance(options_.malformed)) end = spoil(line, end, random);
    const auto size = static_cast<std::size_t>(end - line);
    memory.shrink_last(line_bytes_max - size);
    out.add({line, size}, at.number + 1, at.offset);
    at = {at.offset + size + 1, at.number + 1};
  }
  out.advance(at);
}

component from_generate() {
  std::vector<std::string> names;
  for (const log_shape& s : log_shapes()) names.emplace_back(s.name);
  return declare<generate_options>(component::role::source, "generate",
                                   "Makes synthetic log lines, the same ones for the same seed.")
      .describe(
          "Without a count it goes on until it is stopped. A line depends on the seed and its "
          "number "
          "alone, its time as well: times begin at 2026-01-01T00:00:00Z and are `every` apart, "
          "however "
          "fast the lines are made.\n\nThe shapes: `gateway` is JSON lines of an API gateway, "
          "about 240 "
          "bytes with 12 fields, 70 % INFO, 20 % DEBUG, 7 % WARN, 3 % ERROR; `nginx` is its "
          "combined "
          "access log; `syslog` is RFC 3164; `app` is plain text with a level.")
      .option("count", &generate_options::count, "how many records to make", positional)
      .option("shape", &generate_options::shape, "the kind of log", {.choices = std::move(names)})
      .option("seed", &generate_options::seed, "the number that the lines are made from")
      .option("rate", &generate_options::rate, "records a second; 0 is as fast as possible")
      .option("malformed", &generate_options::malformed, "the share of lines to spoil, from 0 to 1")
      .option("every", &generate_options::every,
              "the time from one record's time to the next one's")
      .example("Three access log lines", "from generate 3 shape=nginx | to -")
      .example("A thousand gateway lines, one in a hundred malformed",
               "from generate 1000 malformed=0.01 | json | where level = \"ERROR\" | to count")
      .makes([](const generate_options& o, reporter& report) -> std::unique_ptr<source> {
        if (!(o.rate >= 0)) report.error("`rate` must not be negative", {});
        if (!(o.malformed >= 0 && o.malformed <= 1))
          report.error("`malformed` is a share from 0 to 1", {}, "one line in a thousand is 0.001");
        if (o.every.count() < 0) report.error("`every` must not be negative", {});
        return std::make_unique<generate_source>(o);
      });
}

}  // namespace weir
