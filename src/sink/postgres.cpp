#include "sink/postgres.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/drain_limit.hpp"
#include "net/backoff.hpp"
#include "sink/group_size.hpp"
#include "sink/postgres_table.hpp"
#include "sink/sinks.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Groups of rows, each one transaction; tries again what may pass.
class postgres_rows_sink final : public sink {
 public:
  postgres_rows_sink(table_target target, bool times) : table_(std::move(target), times) {}

  void open(const context& with) override {
    with_ = &with;
    table_.open(with);
  }
  std::uint64_t resume(const context& with, const sink_memory& memory) override {
    open(with);
    return table_.claim(memory);
  }
  delivery write(const batch& records) override {
    table_.add(records);
    size_.add(records.text_bytes());
    return {};
  }
  std::expected<prepared, delivery_error> prepare() override {
    const time_point begun = with_->time->now();
    if (delivery done = persist([this] { return table_.prepare(); }); !done) {
      return std::unexpected(std::move(done.error()));
    }
    prepared ready{.token = {}, .refused = table_.refused()};
    size_.note(with_->time->now() - begun, !ready.refused.empty());
    return ready;
  }
  /// Not before a new table has its columns: they are found in all of the first group.
  bool wants_commit() const noexcept override { return table_.is_there() && size_.is_full(); }
  delivery commit(const commit_point& point) override {
    return persist([&] { return table_.commit(point); });
  }
  commit_group groups() const noexcept override {
    return {.bytes = most_bytes, .time = std::chrono::seconds{1}};
  }
  bool refuses_late() const noexcept override { return true; }
  delivery close() override {
    table_.close();
    return {};
  }
  std::string guarantee() const override {
    return "exactly once with --state: rows and position in one transaction";
  }

 private:
  template <class Attempt>
  delivery persist(Attempt attempt);
  bool rest(std::chrono::nanoseconds pause) const;

  static constexpr std::size_t most_bytes = 16 << 20;

  postgres_table table_;
  group_size size_{most_bytes};
  const context* with_ = nullptr;
};

template <class Attempt>
delivery postgres_rows_sink::persist(Attempt attempt) {
  const backoff_policy policy{.first = std::chrono::milliseconds{50},
                              .longest = std::chrono::seconds{5},
                              .budget = std::chrono::seconds{30},
                              .attempts_max = 30};
  auto pauses = backoff(policy, real_chance());
  for (;;) {
    const postgres_step done = attempt();
    if (done) return {};
    table_.abandon();
    if (!done.error().passes) return std::unexpected(done.error().failure);
    const auto* const pause = pauses.next(std::nullopt);
    if (pause == nullptr || !rest(*pause)) return std::unexpected(done.error().failure);
  }
}

/// False if a drain has to be over by then.
bool postgres_rows_sink::rest(std::chrono::nanoseconds pause) const {
  const drain_limit draining(*with_);
  const time_point until = with_->time->now() + pause;
  if (until > draining.until()) return false;
  draining.wait(-1, until);
  return !draining.is_over();
}

}  // namespace

std::unique_ptr<sink> make_postgres_sink(const postgres_options& options) {
  table_target target = target_of(options.url.reveal(), options.table, options.create);
  return std::make_unique<postgres_rows_sink>(std::move(target), options.times);
}

component postgres_sink() {
  return declare<postgres_options>(component::role::sink, "postgres",
                                   "Insert the records into a table of a PostgreSQL database.")
      .describe(
          "`to \"postgres://USER:PASSWORD@HOST/DB?table=NAME\"` is short for it; other parameters "
          "of the URL, PGPASSWORD and ~/.pgpass work as they do with psql. A password in the URL "
          "is "
          "never shown.\n\n"
          "A table that is not there is created with a column for each field of the first records "
          "(bigint, double precision, numeric, boolean, text, or jsonb for nested values) and a "
          "column `_rest` (jsonb) for the fields that come later. Fields go to the columns of "
          "their names; a column that has a default gets it from records without the field; such "
          "rows are sorted by what they leave out, so that rows of one commit lie in any order. A "
          "record with a field that has no column is rejected if the table has no `_rest` either, "
          "as is one that breaks a type or a constraint of the table; the other records arrive. "
          "Deferred constraints are checked once all rows of a commit are there. What a column "
          "rounds, `numeric(10,2)` or a time finer than microseconds, it rounds.\n\n"
          "Rows are sent with COPY and committed in groups, at least once a second. A group whose "
          "connection is lost is sent again; with --state, weir looks whether it had arrived.")
      .option("url", &postgres_options::url, "Where the database is, as libpq writes it.",
              required_place)
      .option("table", &postgres_options::table,
              "The table, with its schema or without, if the URL does not name it.")
      .option("create", &postgres_options::create,
              "Create the table if it is missing, which is the default.")
      .option("times", &postgres_options::times,
              "Give fields that hold RFC 3339 times the type timestamptz in a new table.")
      .makes([](const postgres_options& options, reporter& report) -> product {
        try {
          return make_postgres_sink(options);
        } catch (const error& wrong) {
          report.error(wrong.what(), {}, wrong.hint());
          return std::unique_ptr<sink>{};
        }
      });
}

}  // namespace weir
