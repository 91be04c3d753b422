#include "sink/sqlite_sieve.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr const char* begin_piece = "savepoint weir";
constexpr const char* keep_piece = "release weir";
constexpr const char* undo_piece = "rollback to weir; release weir";
constexpr const char* why_refused = "FOREIGN KEY constraint failed";  // as SQLite's COMMIT says it

}  // namespace

sqlite_sieve::step sqlite_sieve::run(const char* sql) {
  if (!db_.in_transaction()) return {};
  const int code = db_.run(sql);
  if (code == SQLITE_OK) return {};
  return std::unexpected(sqlite_failure{code, db_.why()});
}

sqlite_sieve::step sqlite_sieve::insert(std::size_t at) {
  if (!db_.in_transaction()) return {};
  const auto outcome = rows_.insert(group_.row(at));
  if (outcome == sqlite_rows::outcome::failed) {
    return std::unexpected(sqlite_failure{rows_.code(), rows_.why()});
  }
  if (outcome == sqlite_rows::outcome::refused) group_.refuse(at, rows_.why());
  return {};
}

/// False, and nothing sent, if they break a key together.
std::expected<bool, sqlite_failure> sqlite_sieve::send_together(const rows& all) {
  if (auto done = run(begin_piece); !done) return std::unexpected(std::move(done.error()));
  for (const std::size_t at : all) {
    if (auto done = insert(at); !done) return std::unexpected(std::move(done.error()));
  }
  const bool whole = !db_.has_orphans();
  if (auto done = run(whole ? keep_piece : undo_piece); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return whole;
}

/// Those that break a key, in reverse: what needs the row behind it, which needs the next one,
/// comes at once then.
std::expected<sqlite_sieve::rows, sqlite_failure> sqlite_sieve::send_singly(const rows& all) {
  rows orphans;
  for (const std::size_t at : all) {
    const auto sent = send_together({at});
    if (!sent) return std::unexpected(sent.error());
    if (!*sent) orphans.push_back(at);
  }
  std::ranges::reverse(orphans);
  return orphans;
}

sqlite_sieve::step sqlite_sieve::sift() {
  rows left = group_.accepted();
  for (;;) {
    auto orphans = send_singly(left);
    if (!orphans) return std::unexpected(std::move(orphans.error()));
    const bool some_arrived = orphans->size() < left.size();
    left = std::move(*orphans);
    if (!some_arrived || left.empty()) break;
    const auto whole = send_together(left);
    if (!whole) return std::unexpected(whole.error());
    if (*whole) return {};
  }
  for (const std::size_t at : left) group_.refuse(at, why_refused);
  return {};
}

}  // namespace weir
