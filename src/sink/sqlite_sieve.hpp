#pragma once
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "sink/kept_group.hpp"
#include "sink/sqlite_database.hpp"
#include "sink/sqlite_rows.hpp"

namespace weir {

/// Why a statement failed that no row is to blame for.
struct sqlite_failure {
  int code;  ///< SQLite's result
  std::string why;
};

/// Finds the rows of a group that break a deferred foreign key: they may come before the row that
/// they need, so that only a transaction that holds the whole group tells.
///
/// Sends the group again row by row. What breaks a key is sent once more when the others are there,
/// until no more arrive.
class sqlite_sieve {
 public:
  /// All of them outlive it.
  sqlite_sieve(sqlite_database& db, sqlite_rows& rows, kept_group& group)
      : db_(db), rows_(rows), group_(group) {}

  /// Brings the open transaction, which is empty, to hold the group but for the rows that it tells
  /// the group to refuse. Ends early if a row's refusal has rolled the transaction back.
  std::expected<void, sqlite_failure> sift();

 private:
  using rows = std::vector<std::size_t>;
  using step = std::expected<void, sqlite_failure>;

  std::expected<bool, sqlite_failure> send_together(const rows& all);
  std::expected<rows, sqlite_failure> send_singly(const rows& all);
  step insert(std::size_t at);
  step run(const char* sql);

  sqlite_database& db_;
  sqlite_rows& rows_;
  kept_group& group_;
};

}  // namespace weir
