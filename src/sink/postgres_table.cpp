#include "sink/postgres_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/hidden_password.hpp"
#include "base/whole_number.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// COPY is given so much at a time.
constexpr std::size_t piece_bytes = 64 * 1024;

/// Data, constraints, limits, and what triggers raise under codes of their own: the row is at
/// fault, whoever sends it. These classes are about the connection, the transaction, the statement
/// or the server instead.
bool is_about_a_row(const postgres_answer& a) {
  constexpr std::array<std::string_view, 16> others{"08", "0A", "25", "28", "2D", "3D", "3F", "40",
                                                    "42", "53", "55", "57", "58", "F0", "HV", "XX"};
  return !a.lost() && std::ranges::find(others, a.state().substr(0, 2)) == others.end();
}

/// Another transaction was in the way; the same one may be tried again at once.
bool is_conflict(const postgres_answer& a) {
  return a.state().starts_with("40");
}

/// Somebody else created the table between our look and our `create table`.
bool is_there_now(const postgres_answer& a) {
  return a.state() == "42P07" || a.state() == "42710" || a.state() == "23505";
}

/// Too little of something, an operator at work, a lock: it may pass.
bool may_pass(const postgres_answer& a) {
  const std::string_view kind = a.state().substr(0, 2);
  return kind == "53" || kind == "55" || kind == "57" || a.state() == "25006";
}

constexpr const char* find_commits = "select to_regclass('weir_commits') is not null";
constexpr const char* create_commits =
    "create table if not exists weir_commits (pipeline text, sink text, generation bigint not "
    "null, "
    "entry bigint not null, primary key (pipeline, sink))";
constexpr const char* select_row =
    "select generation, entry from weir_commits where pipeline = $1 and sink = $2 for update";
constexpr const char* claim_row =
    "insert into weir_commits values ($1, $2, $3::bigint, $4::bigint) on conflict (pipeline, sink) "
    "do update set generation = excluded.generation";
constexpr const char* update_row =
    "update weir_commits set entry = $4::bigint where pipeline = $1 and sink = $2 and generation = "
    "$3::bigint and entry < $4::bigint";

std::optional<commit_row> row_in(const postgres_answer& told) {
  if (told.rows() == 0) return std::nullopt;
  return commit_row{leading_number(told.text(0, 0)), leading_number(told.text(0, 1))};
}

}  // namespace

postgres_table::postgres_table(table_target target, bool times)
    : target_(std::move(target)), times_(times), name_(hide_passwords(target_.database)) {}

postgres_step postgres_table::trouble(bool passes, delivery_error::kind what,
                                      std::string_view why) const {
  return std::unexpected(
      postgres_trouble{passes,
                       {what, fmt::format("{}, table {}: {}", name_, target_.shown(), why),
                        exit_code::unavailable}});
}

postgres_step postgres_table::trouble(const postgres_answer& why) const {
  using enum delivery_error::kind;
  if (why.lost()) return trouble(true, refused, why.why());
  if (is_conflict(why)) return trouble(true, refused, why.why());
  return trouble(false, may_pass(why) ? refused : broken, why.why());
}

/// For what cannot be put off: throws if the answer is an error.
postgres_answer postgres_table::must(postgres_answer answer) const {
  if (answer.ok()) return answer;
  const std::string why = name_ + ": " + answer.why();
  if (answer.lost() || is_conflict(answer) || may_pass(answer)) {
    throw sink_away(exit_code::unavailable, why);
  }
  throw error(exit_code::unavailable, why);
}

void postgres_table::open(const context& with) {
  link_.emplace(target_.database, with);
  if (const auto refused = link_->connect()) {
    const std::string why = name_ + ": " + refused->why;
    if (refused->lasting) throw error(exit_code::unavailable, why);
    throw sink_away(exit_code::unavailable, why);
  }
  auto columns = postgres_columns(must(link_->run(postgres_ask_columns(target_))));
  if (!columns.empty()) {
    rows_.emplace(target_, std::move(columns));
  } else if (!target_.create) {
    throw error(exit_code::usage, fmt::format("{}: there is no table {}", name_, target_.shown()),
                "create it, or leave create=false out");
  }
}

/// One that is there needs no right to create it, but `if not exists` asks for that first.
void postgres_table::find_commits_table() {
  if (must(link_->run(find_commits)).text(0, 0) == "t") return;
  // Two that create it at the same time: one of them fails, and finds it the second time.
  if (link_->run(create_commits).ok()) return;
  postgres_answer made = link_->run(create_commits);
  if (!made.state().starts_with("42")) {
    must(std::move(made));
    return;
  }
  throw error(
      exit_code::unavailable,
      fmt::format("{}: no table {}, and none can be made: {}", name_, commits_table, made.why()),
      fmt::format("with a state weir keeps its commits in it; let somebody run: {}",
                  create_commits));
}

std::uint64_t postgres_table::claim(const sink_memory& memory) {
  const commit_point& mine = memory.last;
  find_commits_table();
  must(link_->run("begin"));
  const postgres_answer told = must(ask_row(mine));
  const std::uint64_t entry = entry_that_counts(row_in(told), memory, name_);
  must(link_->run(claim_row, {std::string{mine.pipeline}, std::string{mine.sink},
                              std::to_string(mine.generation), std::to_string(entry)}));
  must(link_->run("commit"));
  return entry;
}

void postgres_table::add(const batch& records) {
  group_.add(records);
  if (!rows_ || !link_->is_connected()) return;
  if (begin() && stream(sent_, group_.size())) return;
  abandon();  // `prepare` sends it again and tells what is wrong
}

postgres_step postgres_table::run(const std::string& sql) {
  const postgres_answer done = link_->run(sql);
  return done.ok() ? postgres_step{} : trouble(done);
}

postgres_step postgres_table::connect() {
  if (link_->is_connected()) return {};
  const auto refused = link_->connect();
  if (!refused) return {};
  return trouble(true, delivery_error::kind::refused, refused->why);
}

postgres_step postgres_table::begin() {
  if (begun_) return {};
  if (auto done = connect(); !done) return done;
  if (auto done = find_table(); !done) return done;
  // A connection that was lost unseen must not hold its locks for ever.
  if (auto done = run("begin; set local idle_in_transaction_session_timeout = '2min'"); !done) {
    return done;
  }
  begun_ = true;
  return run("savepoint weir");
}

postgres_step postgres_table::find_table() {
  if (rows_ || group_.size() == 0) return {};
  const postgres_answer told = link_->run(postgres_ask_columns(target_));
  if (!told.ok()) return trouble(told);
  auto columns = postgres_columns(told);
  if (columns.empty()) return create_table();
  rows_.emplace(target_, std::move(columns));
  return {};
}

/// In a transaction of its own: whoever else wants the table would wait for the group's, which may
/// be another branch of this run.
postgres_step postgres_table::create_table() {
  column_finder found(postgres_column_rules(), times_);
  for (std::size_t i = 0; i < group_.size(); ++i) found.learn(group_.row(i));
  const postgres_answer made = link_->run(postgres_create_table(target_, found.columns()));
  if (is_there_now(made)) return trouble(true, delivery_error::kind::refused, made.why());
  if (!made.ok()) return trouble(made);
  return find_table();
}

postgres_step postgres_table::begin_copy(std::size_t first) {
  if (auto done = run(rows_->copy()); !done) return done;
  copying_ = true;
  copied_from_ = first;
  return {};
}

postgres_step postgres_table::stream(std::size_t first, std::size_t last) {
  for (std::size_t at = first; at < last; ++at) {
    if (group_.is_refused(at)) continue;
    if (auto done = send(at); !done) return done;
    if (lines_.size() < piece_bytes) continue;
    if (auto done = put(); !done) return done;
  }
  sent_ = last;
  return put();
}

/// Gives a row to a COPY of its columns: the open one, or else a new one.
postgres_step postgres_table::send(std::size_t at) {
  if (const auto row = rows_->read(group_.row(at)); !row) {
    return refuse(at, std::string{row.error()});
  }
  if (copying_ && !rows_->fits_copy()) {
    if (auto done = end_copy(at); !done) return done;
    return send(at);
  }
  if (!copying_) {
    if (auto done = begin_copy(at); !done) return done;
  }
  const auto line = rows_->append(lines_);
  return line ? postgres_step{} : refuse(at, std::string{line.error()});
}

/// Hands over the lines that wait.
postgres_step postgres_table::put() {
  if (lines_.empty()) return {};
  const bool taken = link_->put(lines_);
  lines_.clear();
  return taken ? postgres_step{} : trouble(postgres_answer{nullptr, "the connection was lost"});
}

postgres_step postgres_table::refuse(std::size_t at, std::string why) {
  if (group_.is_settled()) {
    return trouble(false, delivery_error::kind::broken,
                   "a row that was accepted is refused now: " + why);
  }
  group_.refuse(at, std::move(why));
  return {};
}

/// Constraints that wait for the COMMIT are checked here, where a row can still be left out.
postgres_answer postgres_table::keep_copied() {
  copying_ = false;
  postgres_answer done = link_->end_copy();
  if (!done.ok()) return done;
  return link_->run("set constraints all immediate; release savepoint weir; savepoint weir");
}

/// Ends the COPY that is open, if one is, with the row in front of `last`.
postgres_step postgres_table::end_copy(std::size_t last) {
  if (!copying_) return {};
  if (auto done = put(); !done) return done;
  return settle(copied_from_, last, keep_copied());
}

postgres_step postgres_table::copy(std::size_t first, std::size_t last) {
  if (auto done = stream(first, last); !done) return done;
  return end_copy(last);
}

/// Keeps the rows of a COPY that has ended, or finds those that it failed for.
postgres_step postgres_table::settle(std::size_t first, std::size_t last,
                                     const postgres_answer& copied) {
  if (copied.ok()) return {};
  if (!is_about_a_row(copied)) return trouble(copied);
  if (auto done = run("rollback to savepoint weir"); !done) return done;
  if (last - first == 1) return refuse(first, copied.why());
  const std::size_t middle = first + (last - first) / 2;
  if (auto done = copy(first, middle); !done) return done;
  return copy(middle, last);
}

/// Brings the open transaction to hold the group, beginning one if there is none.
postgres_step postgres_table::send_group() {
  if (group_.size() == 0) return {};
  if (auto done = begin(); !done) return done;
  return copy(sent_, group_.size());
}

postgres_step postgres_table::prepare() {
  if (auto done = send_group(); !done) return done;
  group_.settle();
  return {};
}

postgres_answer postgres_table::ask_row(const commit_point& point) {
  return link_->run(select_row, {std::string{point.pipeline}, std::string{point.sink}});
}

bool postgres_table::has_arrived(const postgres_answer& row, const commit_point& point) const {
  const auto known = row_in(row);
  return known && known->generation == point.generation && known->entry >= point.entry;
}

/// Whether the group of the COMMIT whose reply was lost is there.
std::expected<bool, postgres_trouble> postgres_table::ask_what_became(const commit_point& point) {
  if (auto done = connect(); !done) return std::unexpected(done.error());
  if (point.entry > 0) {
    const postgres_answer row = ask_row(point);
    if (!row.ok()) return std::unexpected(trouble(row).error());
    return has_arrived(row, point);
  }
  const postgres_answer told =
      link_->run("select coalesce(txid_status($1::bigint), 'forgotten')", {transaction_});
  if (!told.ok()) return std::unexpected(trouble(told).error());
  const std::string_view status = told.text(0, 0);
  if (status == "committed" || status == "aborted") return status == "committed";
  using enum delivery_error::kind;
  const bool passes = status == "in progress";
  return std::unexpected(
      trouble(false, passes ? refused : broken, fmt::format("the last transaction is {}", status))
          .error());
}

postgres_step postgres_table::commit(const commit_point& point) {
  if (in_doubt_) {
    const auto arrived = ask_what_became(point);
    if (!arrived) return std::unexpected(arrived.error());
    in_doubt_ = false;
    if (*arrived) {
      forget_group();
      return {};
    }
  }
  if (auto done = send_group(); !done) return done;
  if (point.entry == 0) return begun_ ? finish_transaction(point) : postgres_step{};
  if (auto done = begin(); !done) return done;
  if (auto done = move_row(point); !done) return done;
  return begun_ ? finish_transaction(point) : postgres_step{};
}

/// Nothing is moved if a transaction that was given up has committed after all, or if a newer run
/// has claimed the row.
postgres_step postgres_table::move_row(const commit_point& point) {
  const postgres_answer moved =
      link_->run(update_row, {std::string{point.pipeline}, std::string{point.sink},
                              std::to_string(point.generation), std::to_string(point.entry)});
  if (!moved.ok()) return trouble(moved);
  if (moved.done() == "UPDATE 1") return {};
  const postgres_answer row = ask_row(point);
  if (!row.ok()) return trouble(row);
  const bool arrived = has_arrived(row, point);
  abandon();
  if (!arrived) return std::unexpected(postgres_trouble{false, taken_over(name_)});
  forget_group();
  return {};
}

postgres_step postgres_table::finish_transaction(const commit_point& point) {
  // With a state its row tells whether a lost COMMIT arrived.
  if (point.entry == 0) {
    const postgres_answer number = link_->run("select txid_current()");
    if (!number.ok()) return trouble(number);
    transaction_ = number.text(0, 0);
  }
  const postgres_answer done = link_->run("commit");
  begun_ = false;
  sent_ = 0;
  if (done.done() == "COMMIT") {
    forget_group();
    return {};
  }
  in_doubt_ = done.lost();
  return trouble(done);
}

void postgres_table::forget_group() noexcept {
  group_.clear();
  sent_ = 0;
  begun_ = copying_ = false;
}

void postgres_table::abandon() {
  if (copying_) link_->disconnect();
  if (begun_ && link_->is_connected()) link_->run("rollback");
  begun_ = copying_ = false;
  lines_.clear();
  sent_ = 0;
}

void postgres_table::close() {
  link_.reset();
  rows_.reset();
  forget_group();
}

}  // namespace weir
