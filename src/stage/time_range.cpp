#include <limits>
#include <optional>

#include "base/duration.hpp"
#include "base/time.hpp"
#include "record/record_time.hpp"
#include "stage/field_stages.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

struct time_options {
  moment since;
  moment until;
};

std::optional<std::int64_t> read_bound(const moment& m, std::int64_t started_ns) {
  const auto back = parse_duration(m.text);
  if (!back) return parse_time(m.text);
  std::int64_t ns = 0;
  if (__builtin_sub_overflow(started_ns, back->count(), &ns)) return std::nullopt;
  return ns;
}

/// A duration and a time of day meet in the run only.
bool ends_before_it_begins(const time_options& o) {
  if (o.since.text.empty() || o.until.text.empty()) return false;
  if (parse_duration(o.since.text).has_value() != parse_duration(o.until.text).has_value())
    return false;
  return read_bound(o.since, 0) > read_bound(o.until, 0);
}

stage make_time(const time_options& options, reporter& report) {
  if (ends_before_it_begins(options))
    report.error("`since` is later than `until`", {}, "no record can lie between them");
  stage made;
  made.stateless = true;
  made.per_batch = [options](const context& with, const stage_id& id) -> batch_function {
    using limits = std::numeric_limits<std::int64_t>;
    const auto since = read_bound(options.since, with.started_ns).value_or(limits::min());
    const auto until = read_bound(options.until, with.started_ns).value_or(limits::max());
    return [since, until, &id](batch& b) {
      b.apply(id, [&](record& r) {
        const auto at = time_of(r);
        return at && *at >= since && *at < until ? keep : drop;
      });
    };
  };
  return made;
}

}  // namespace

component time_stage() {
  return declare<time_options>(component::role::stage, "time",
                               "Keep the records of a stretch of time.")
      .describe(
          "A record's time is `@time`: the first of the usual fields (time, timestamp, ts, "
          "@timestamp, "
          "...) that can be read as one. Records without a time are filtered.")
      .option("since", &time_options::since,
              "The first moment: a time, a date, or a duration before the start of the run.")
      .option("until", &time_options::until, "The moment after the last, in the same forms.")
      .example("The last two hours", "from app.ndjson | json | time since=2h")
      .example("One day", "from app.ndjson | json | time since=2026-01-02 until=2026-01-03")
      .makes([](const time_options& options, reporter& report) -> product {
        return make_time(options, report);
      });
}

}  // namespace weir
