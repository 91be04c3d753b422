#include "sink/postgres_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/hidden_password.hpp"
#include "base/whole_number.hpp"
#include "sink/postgres_sieve.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Somebody else created the table between our look and our `create table`.
bool is_there_now(const postgres_answer& a) {
  return a.state() == "42P07" || a.state() == "42710" || a.state() == "23505";
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
    feed_.emplace(*link_, postgres_rows(target_, std::move(columns)));
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
  if (!feed_ || !link_->is_connected()) return;
  const bool begun = begin().has_value();
  if (begun) stream();
  if (!begun || !link_->is_connected()) abandon();  // `prepare` tells what is wrong
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
  return run(postgres_sieve::savepoints);
}

postgres_step postgres_table::find_table() {
  if (feed_ || group_.size() == 0) return {};
  const postgres_answer told = link_->run(postgres_ask_columns(target_));
  if (!told.ok()) return trouble(told);
  auto columns = postgres_columns(told);
  if (columns.empty()) return create_table();
  feed_.emplace(*link_, postgres_rows(target_, std::move(columns)));
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

/// Gives the transaction what has come. What the server says shows in `hold_group`.
void postgres_table::stream() {
  for (; sent_ < group_.size(); ++sent_) {
    if (group_.is_refused(sent_)) continue;
    const auto taken = feed_->add(group_.row(sent_));
    if (!taken) group_.refuse(sent_, std::string{taken.error()});
  }
  feed_->push();
}

/// Brings the open transaction to hold the group, beginning one if there is none.
postgres_step postgres_table::send_group() {
  if (holds_ || group_.size() == 0) return {};
  if (auto done = begin(); !done) return done;
  stream();
  const auto held = hold_group();
  holds_ = held.has_value();
  if (holds_) return {};
  if (!is_about_a_row(held.error())) return trouble(held.error());
  return trouble(false, delivery_error::kind::broken,
                 "a row that was accepted is refused now: " + held.error().why());
}

/// Ends what was streamed and, where a row is at fault, leaves it out. Constraints that wait for
/// the COMMIT are checked here for that, once all of the group is there.
std::expected<void, postgres_answer> postgres_table::hold_group() {
  postgres_sieve sieve(*link_, *feed_, group_);
  auto held = feed_->finish();
  if (!held && may_leave_out(held.error())) held = sieve.sift();
  if (!held) return held;
  postgres_answer checked = link_->run("set constraints all immediate");
  if (checked.ok()) return {};
  if (may_leave_out(checked)) return sieve.sift_by_all_constraints();
  return std::unexpected(std::move(checked));
}

/// Once the group is settled, a row that is left out would be lost.
bool postgres_table::may_leave_out(const postgres_answer& why) const {
  return is_about_a_row(why) && !group_.is_settled();
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
  forget_transaction();
  if (done.done() == "COMMIT") {
    forget_group();
    return {};
  }
  in_doubt_ = done.lost();
  return trouble(done);
}

void postgres_table::forget_transaction() noexcept {
  if (feed_) feed_->forget();
  sent_ = 0;
  begun_ = holds_ = false;
}

void postgres_table::forget_group() noexcept {
  group_.clear();
  forget_transaction();
}

void postgres_table::abandon() {
  if (feed_ && feed_->is_copying()) link_->disconnect();
  if (begun_ && link_->is_connected()) link_->run("rollback");
  forget_transaction();
}

void postgres_table::close() {
  forget_group();
  feed_.reset();
  link_.reset();
}

}  // namespace weir
