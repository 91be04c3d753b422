#include "sink/sqlite_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/drain_limit.hpp"
#include "weir/error.hpp"
#include "weir/sink.hpp"

namespace weir {

using namespace std::chrono_literals;

void sqlite_database::close::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);
}

sqlite_database::sqlite_database(const std::string& path, const context& with)
    : path_(path), with_(with) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sqlite3* opened = nullptr;
  const int done = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  db_.reset(opened);
  if (done != SQLITE_OK) fail();
  sqlite3_busy_handler(opened, wait_for_lock, this);
  must("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
}

int sqlite_database::wait_for_lock(void* self, int tries) {
  auto& mine = *static_cast<sqlite_database*>(self);
  clock& time = *mine.with_.time;
  if (tries == 0) mine.lock_until_ = time.now() + lock_patience;
  const auto pause = std::min<std::chrono::milliseconds>(1ms * (tries + 1), 50ms);
  const drain_limit draining(mine.with_);
  draining.wait(-1, std::min(mine.lock_until_, time.now() + pause));
  return time.now() < mine.lock_until_ && !draining.is_over() ? 1 : 0;
}

int sqlite_database::run(const std::string& sql) noexcept {
  return sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
}

void sqlite_database::must(const std::string& sql) {
  if (run(sql) != SQLITE_OK) fail();
}

std::int64_t sqlite_database::changed_rows() const noexcept {
  return sqlite3_changes64(db_.get());
}

bool sqlite_database::in_transaction() const noexcept {
  return sqlite3_get_autocommit(db_.get()) == 0;
}

bool sqlite_database::has_orphans() const noexcept {
  int orphans = 0;
  int most = 0;
  sqlite3_db_status(db_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &orphans, &most, 0);
  return orphans != 0;
}

std::string sqlite_database::why() const {
  return sqlite3_errmsg(db_.get());
}

bool sqlite_database::may_pass(int code) const noexcept {
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_FULL) return true;
  if (code != SQLITE_IOERR) return false;
  const int cause = sqlite3_system_errno(db_.get());
  return cause == ENOSPC || cause == EDQUOT;
}

// Else closing would write the log into the database, and sync once more what failed to be.
void sqlite_database::give_up() noexcept {
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void sqlite_database::fail() {
  if (may_pass(sqlite3_errcode(db_.get()) & 0xff))
    throw sink_away(exit_code::io, path_ + ": " + why());
  give_up();
  throw error(exit_code::io, path_ + ": " + why());
}

void sqlite_statement::finalize::operator()(sqlite3_stmt* s) const noexcept {
  sqlite3_finalize(s);
}

sqlite_statement::sqlite_statement(sqlite_database& db, const std::string& sql) : db_(db) {
  sqlite3_stmt* made = nullptr;
  const int done = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  made_.reset(made);
  if (done != SQLITE_OK) db.fail();
}

void sqlite_statement::bind_null(int at) noexcept {
  sqlite3_bind_null(made_.get(), at + 1);
}

void sqlite_statement::bind(int at, std::int64_t number) noexcept {
  sqlite3_bind_int64(made_.get(), at + 1, number);
}

void sqlite_statement::bind(int at, double number) noexcept {
  sqlite3_bind_double(made_.get(), at + 1, number);
}

void sqlite_statement::bind(int at, std::string_view text) noexcept {
  sqlite3_bind_text64(made_.get(), at + 1, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int sqlite_statement::run() noexcept {
  int done = SQLITE_ROW;
  while (done == SQLITE_ROW) done = sqlite3_step(made_.get());
  sqlite3_reset(made_.get());
  return done;
}

bool sqlite_statement::next() {
  const int done = sqlite3_step(made_.get());
  if (done == SQLITE_ROW) return true;
  if (done == SQLITE_DONE) return false;
  db_.fail();
}

std::string_view sqlite_statement::text(int column) noexcept {
  const auto* const first = sqlite3_column_text(made_.get(), column);
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(made_.get(), column));
  return {reinterpret_cast<const char*>(first), bytes};
}

std::int64_t sqlite_statement::integer(int column) noexcept {
  return sqlite3_column_int64(made_.get(), column);
}

}  // namespace weir
