#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/context.hpp"
#include "weir/sink.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

/// One connection to an SQLite database. A lock that another process holds is waited for, through
/// the clock, up to `lock_patience`. One thread at a time.
class sqlite_database {
 public:
  static constexpr std::chrono::seconds lock_patience{1};

  /// Opens or creates the file, in WAL mode, such that a commit is on the disk when it returns, and
  /// with foreign keys in force.
  /// `with` outlives the database. Throws weir::error.
  sqlite_database(const std::string& path, const context& with);
  sqlite_database(const sqlite_database&) = delete;
  sqlite_database& operator=(const sqlite_database&) = delete;

  sqlite3* handle() const noexcept { return db_.get(); }
  /// Runs statements without results. An SQLite result code; SQLITE_OK is success.
  int run(const std::string& sql) noexcept;
  /// The same; throws weir::error.
  void must(const std::string& sql);
  std::int64_t changed_rows() const noexcept;
  bool in_transaction() const noexcept;
  /// Whether the open transaction holds rows whose deferred foreign keys point to nothing: as it is
  /// it cannot be committed.
  bool has_orphans() const noexcept;
  /// SQLite's message for the latest failure.
  std::string why() const;
  /// Whether the latest failure, whose code this is, may pass: a lock, or a full disk.
  bool may_pass(int code) const noexcept;
  /// The disk has failed: nothing is tried again, not even when the database is closed.
  void give_up() noexcept;
  /// Throws sink_away if the latest failure may pass, else gives up and throws weir::error.
  [[noreturn]] void fail();

 private:
  struct close {
    void operator()(sqlite3* db) const noexcept;
  };
  static int wait_for_lock(void* self, int tries);

  std::string path_;
  const context& with_;
  time_point lock_until_{};
  std::unique_ptr<sqlite3, close> db_;
};

/// A statement of one database, which outlives it.
class sqlite_statement {
 public:
  /// Throws weir::error if `sql` cannot be prepared.
  sqlite_statement(sqlite_database& db, const std::string& sql);

  // Texts have to live until `run` or `next` returns. Columns and parameters count from 0.
  void bind_null(int at) noexcept;
  void bind(int at, std::int64_t number) noexcept;
  void bind(int at, double number) noexcept;
  void bind(int at, std::string_view text) noexcept;

  /// Runs it to its end and makes it ready for the next one. An SQLite result code; SQLITE_DONE is
  /// success.
  int run() noexcept;
  /// Steps to the next row of the result. Throws weir::error if that fails.
  bool next();
  std::string_view text(int column) noexcept;
  std::int64_t integer(int column) noexcept;

 private:
  struct finalize {
    void operator()(sqlite3_stmt* s) const noexcept;
  };
  sqlite_database& db_;
  std::unique_ptr<sqlite3_stmt, finalize> made_;
};

}  // namespace weir
