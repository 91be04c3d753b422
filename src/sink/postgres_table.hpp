#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/commit_row.hpp"
#include "sink/kept_group.hpp"
#include "sink/postgres_feed.hpp"
#include "sink/postgres_link.hpp"
#include "sink/postgres_trouble.hpp"
#include "sink/table_target.hpp"
#include "weir/sink.hpp"

namespace weir {

/// The rows of one table and the open group of them, in one transaction.
///
/// Rows are streamed while the group grows, without waiting for what the server says. `prepare`
/// hears it, and finds the rows that the server refuses. After a failed step comes `abandon`; then
/// the same step may be taken again, in a new transaction and on a new connection if need be: the
/// group is kept until it is committed.
class postgres_table {
 public:
  postgres_table(table_target target, bool times);

  /// Connects and looks at the table. Throws weir::error. `with` outlives it.
  void open(const context& with);
  /// From here on an older run of the pipeline cannot commit any more. Gives the entry that counts.
  /// Throws weir::error.
  std::uint64_t claim(const sink_memory& memory);

  /// False as long as it is not known to exist.
  bool is_there() const noexcept { return feed_.has_value(); }
  void add(const batch& records);
  postgres_step prepare();
  std::vector<refused_record> refused() const { return group_.refused(); }
  /// If its outcome stayed unknown last time, asks for it first.
  postgres_step commit(const commit_point& point);
  /// Gives the transaction up.
  void abandon();
  void close();

 private:
  void find_commits_table();

  // Steps of the transaction.
  postgres_step begin();
  postgres_step connect();
  postgres_step find_table();
  postgres_step create_table();
  void stream();
  postgres_step send_group();
  std::expected<void, postgres_answer> hold_group();
  bool may_leave_out(const postgres_answer& why) const;
  postgres_step move_row(const commit_point& point);
  postgres_step finish_transaction(const commit_point& point);
  std::expected<bool, postgres_trouble> ask_what_became(const commit_point& point);

  postgres_step run(const std::string& sql);
  postgres_answer ask_row(const commit_point& point);
  bool has_arrived(const postgres_answer& row, const commit_point& point) const;
  void forget_transaction() noexcept;
  void forget_group() noexcept;
  postgres_step trouble(const postgres_answer& why) const;
  postgres_step trouble(bool passes, delivery_error::kind what, std::string_view why) const;
  postgres_answer must(postgres_answer answer) const;

  table_target target_;
  bool times_;
  std::string name_;  ///< what messages call the database
  std::optional<postgres_link> link_;
  std::optional<postgres_feed> feed_;  ///< empty as long as there is no table
  kept_group group_;
  std::size_t sent_ = 0;     ///< rows of the group that the transaction has been given
  bool begun_ = false;       ///< a transaction is open
  bool holds_ = false;       ///< and the group is in it, as far as it is accepted
  bool in_doubt_ = false;    ///< the reply to a COMMIT was lost
  std::string transaction_;  ///< the number of the last one, without a state
};

}  // namespace weir
