#include "sink/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <optional>
#include <string>
#include <utility>

#include "sink/commit_row.hpp"
#include "sink/kept_group.hpp"
#include "sink/sinks.hpp"
#include "sink/sqlite_rows.hpp"
#include "sink/sqlite_sieve.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Rows of one table, committed in groups.
///
/// One transaction holds the rows of a group and, with state, its entry in `weir_commits`. A call
/// that failed as `refused` has rolled the transaction back and may be made again with the same
/// argument: the group is kept, and the next call sends all of it anew. Only a `write` that failed
/// forgets its batch. A failed disk breaks the sink: the next run goes on by the row.
class sqlite_table final : public sink {
 public:
  explicit sqlite_table(table_target target) : target_(std::move(target)) {}

  void open(const context& with) override {
    db_.emplace(target_.database, with);
    look_at_table();
  }
  std::uint64_t resume(const context& with, const sink_memory& memory) override {
    open(with);
    return claim(memory);
  }
  delivery write(const batch& records) override {
    group_.add(records);
    if (!rows_) return {};
    delivery done = catch_up();
    if (!done) group_.take_back();
    return done;
  }
  std::expected<prepared, delivery_error> prepare() override {
    if (delivery done = catch_up(); !done) return std::unexpected(std::move(done.error()));
    if (delivery done = leave_out_orphans(); !done) return std::unexpected(std::move(done.error()));
    group_.settle();
    return prepared{.token = {}, .refused = group_.refused()};
  }
  delivery commit(const commit_point& point) override;
  commit_group groups() const noexcept override {
    return {.bytes = 16 << 20, .time = std::chrono::seconds{1}};
  }
  bool refuses_late() const noexcept override { return true; }
  delivery close() override {
    rows_.reset();
    db_.reset();
    group_.clear();
    return {};
  }
  std::vector<std::string> files() const override { return {target_.database}; }
  std::string guarantee() const override {
    return "exactly once with --state: rows and position in one transaction";
  }

 private:
  void look_at_table();
  std::uint64_t claim(const sink_memory& memory);
  std::optional<commit_row> row_of(const commit_point& point);
  delivery catch_up();
  delivery begin();
  delivery create_table();
  delivery insert(std::size_t at);
  delivery leave_out_orphans();
  delivery move_row(const commit_point& point);
  delivery fail(int code, std::string why);
  void roll_back();

  table_target target_;
  std::optional<sqlite_database> db_;
  std::optional<sqlite_rows> rows_;  ///< empty as long as there is no table
  bool table_is_new_ = false;        ///< created by the open transaction
  kept_group group_;
  std::size_t sent_ = 0;  ///< rows of the group that the open transaction holds
};

void sqlite_table::look_at_table() {
  auto columns = sqlite_columns(*db_, target_);
  if (!columns.empty()) {
    rows_.emplace(*db_, target_, std::move(columns));
  } else if (!target_.create) {
    throw error(exit_code::usage,
                fmt::format("{}: there is no table {}", target_.database, target_.shown()),
                "create it, or leave create=false out");
  }
}

std::optional<commit_row> sqlite_table::row_of(const commit_point& point) {
  sqlite_statement ask(
      *db_, "select generation, entry from weir_commits where pipeline = ? and sink = ?");
  ask.bind(0, point.pipeline);
  ask.bind(1, point.sink);
  if (!ask.next()) return std::nullopt;
  return commit_row{static_cast<std::uint64_t>(ask.integer(0)),
                    static_cast<std::uint64_t>(ask.integer(1))};
}

/// From here on an older run of the pipeline cannot commit any more.
std::uint64_t sqlite_table::claim(const sink_memory& memory) {
  db_->must(
      "begin immediate; create table if not exists weir_commits (pipeline text, sink text, "
      "generation integer not null, entry integer not null, primary key (pipeline, sink))");
  const std::uint64_t entry = entry_that_counts(row_of(memory.last), memory, target_.database);
  sqlite_statement put(*db_, "insert or replace into weir_commits values (?, ?, ?, ?)");
  put.bind(0, memory.last.pipeline);
  put.bind(1, memory.last.sink);
  put.bind(2, static_cast<std::int64_t>(memory.last.generation));
  put.bind(3, static_cast<std::int64_t>(entry));
  if (put.run() != SQLITE_DONE) db_->fail();
  db_->must("commit");
  return entry;
}

/// Brings the open transaction to hold all of the group, beginning one if there is none.
delivery sqlite_table::catch_up() {
  if (sent_ == group_.size()) return {};
  if (delivery done = begin(); !done) return done;
  if (!rows_) {
    if (delivery done = create_table(); !done) return done;
  }
  while (sent_ < group_.size()) {
    if (delivery done = insert(sent_); !done) return done;
  }
  return {};
}

delivery sqlite_table::begin() {
  if (db_->in_transaction()) return {};
  sent_ = 0;
  const int code = db_->run("begin immediate");
  return code == SQLITE_OK ? delivery{} : fail(code, db_->why());
}

delivery sqlite_table::create_table() {
  column_finder found({.most_bytes = 200, .ignores_case = true, .reserved = {}}, false);
  for (std::size_t i = 0; i < group_.size(); ++i) found.learn(group_.row(i));
  const int code = db_->run(sqlite_create_table(target_, found.columns()));
  if (code != SQLITE_OK) return fail(code, db_->why());
  table_is_new_ = true;
  rows_.emplace(*db_, target_, sqlite_columns(*db_, target_));
  return {};
}

/// Sends one row and moves on to the next one to be sent.
delivery sqlite_table::insert(std::size_t at) {
  ++sent_;
  if (group_.is_refused(at)) return {};
  switch (rows_->insert(group_.row(at))) {
    case sqlite_rows::outcome::inserted:
      return {};
    case sqlite_rows::outcome::failed:
      return fail(rows_->code(), rows_->why());
    case sqlite_rows::outcome::refused:
      break;
  }
  if (group_.is_settled()) {
    return fail(SQLITE_CONSTRAINT, "a row that was accepted is refused now: " + rows_->why());
  }
  group_.refuse(at, rows_->why());
  // A trigger or a conflict clause of the table may have rolled everything back.
  return db_->in_transaction() ? delivery{} : begin();
}

/// Rows that would make the COMMIT fail: of a table that was there, as a new one has no keys. A
/// group that is settled has none, or its COMMIT says so.
delivery sqlite_table::leave_out_orphans() {
  while (db_->has_orphans() && !group_.is_settled()) {
    roll_back();
    if (delivery done = begin(); !done) return done;
    const auto sifted = sqlite_sieve(*db_, *rows_, group_).sift();
    if (!sifted) return fail(sifted.error().code, sifted.error().why);
    sent_ = group_.size();
    if (db_->in_transaction()) continue;
    if (delivery done = begin(); !done) return done;
    if (delivery done = catch_up(); !done) return done;
  }
  return {};
}

delivery sqlite_table::move_row(const commit_point& point) {
  if (point.entry == 0) return {};
  sqlite_statement put(*db_,
                       "update weir_commits set entry = ?1 where pipeline = ? and sink = ? and "
                       "generation = ? and entry < ?1");
  put.bind(0, static_cast<std::int64_t>(point.entry));
  put.bind(1, point.pipeline);
  put.bind(2, point.sink);
  put.bind(3, static_cast<std::int64_t>(point.generation));
  if (const int code = put.run(); code != SQLITE_DONE) return fail(code, db_->why());
  if (db_->changed_rows() == 1) return {};
  roll_back();
  return std::unexpected(taken_over(target_.database));
}

delivery sqlite_table::commit(const commit_point& point) {
  if (delivery done = catch_up(); !done) return done;
  if (point.entry != 0) {
    if (delivery done = begin(); !done) return done;
  }
  if (delivery done = move_row(point); !done) return done;
  if (db_->in_transaction()) {
    if (const int code = db_->run("commit"); code != SQLITE_OK) return fail(code, db_->why());
  }
  table_is_new_ = false;
  group_.clear();
  sent_ = 0;
  return {};
}

/// Rolls back and tells what the failure means. Rolling back may end the statement that `why` is
/// of.
delivery sqlite_table::fail(int code, std::string why) {
  const bool passes = db_->may_pass(code);
  if (!passes) db_->give_up();
  roll_back();
  return std::unexpected(delivery_error{
      passes ? delivery_error::kind::refused : delivery_error::kind::broken,
      fmt::format("{}, table {}: {}", target_.database, target_.shown(), why), exit_code::io});
}

void sqlite_table::roll_back() {
  if (db_->in_transaction()) db_->run("rollback");
  sent_ = 0;
  if (table_is_new_) rows_.reset();
  table_is_new_ = false;
}

}  // namespace

std::unique_ptr<sink> make_sqlite_sink(const sqlite_options& options) {
  std::string_view url = options.url;
  if (url.starts_with("sqlite:")) url.remove_prefix(7);
  if (url.starts_with("//")) url.remove_prefix(2);
  table_target target = target_of(url, options.table, options.create);
  if (target.database.empty()) throw error(exit_code::usage, "no database file is named");
  return std::make_unique<sqlite_table>(std::move(target));
}

component sqlite_sink() {
  return declare<sqlite_options>(component::role::sink, "sqlite",
                                 "Insert the records into a table of an SQLite database.")
      .describe(
          "`to sqlite:FILE?table=NAME` is short for it. A table that is not there is created with "
          "a column for each field of the first records (whole numbers, reals, booleans, or text "
          "for everything else, so that big numbers stay exact and nested values are JSON) and a "
          "column `_rest` for the fields that come later, as one JSON object.\n\n"
          "Fields go to the columns of their names, in any case if there is none of the very name; "
          "a column that has a default gets it from records without the field. A record with a "
          "field that has no column is rejected if the table has no `_rest` either, as is one that "
          "breaks a constraint of the table; the other records arrive. Foreign keys are in force, "
          "deferred ones once all rows of a commit are there. Rows are committed in groups, at "
          "least once a second, in WAL mode with synchronous=FULL.")
      .option("url", &sqlite_options::url, "The database file, as FILE?table=NAME.", required_place)
      .option("table", &sqlite_options::table, "The table, if the URL does not name it.")
      .option("create", &sqlite_options::create,
              "Create the table if it is missing, which is the default.")
      .example(
          "Keep the errors in a database",
          "from app.ndjson | json | where level = \"ERROR\" | to sqlite:errors.db?table=errors")
      .makes([](const sqlite_options& options, reporter& report) -> product {
        try {
          return make_sqlite_sink(options);
        } catch (const error& wrong) {
          report.error(wrong.what(), {}, wrong.hint());
          return std::unique_ptr<sink>{};
        }
      });
}

}  // namespace weir
