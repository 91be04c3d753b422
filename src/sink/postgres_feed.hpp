#pragma once
#include <cstddef>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sink/columns.hpp"
#include "sink/postgres_link.hpp"
#include "sink/postgres_rows.hpp"

namespace weir {

/// Sends rows to one table, within a transaction and in any order.
///
/// A COPY names its columns, and a row may leave some to their defaults. So rows are sorted by what
/// they leave out: those of one kind are streamed into the COPY that is open, the others wait until
/// they are worth a COPY of their own or until the end. What few rows leave out, or all columns, is
/// left out in an INSERT, which can say `default`.
class postgres_feed {
 public:
  /// `link` outlives it.
  postgres_feed(postgres_link& link, postgres_rows rows) : link_(link), rows_(std::move(rows)) {}

  /// Statements to run with the next one, in one go.
  void precede(std::string_view sql) { before_ = sql; }
  /// Takes a row. On failure says why it is none, until the next call. What the server says against
  /// the rows shows only in `finish`; until then, no more are sent.
  std::expected<void, std::string_view> add(const record& r);
  /// Streams what has been added, as far as one COPY takes it.
  void push();
  /// Sends what is left and ends. Fails with what the server says against the rows since the last
  /// end.
  std::expected<void, postgres_answer> finish();
  /// Gives up what has been added. The connection is of no use any more if a COPY was open.
  void forget() noexcept;
  bool is_copying() const noexcept { return open_ != nullptr; }

 private:
  struct lines {
    std::string text;
    std::size_t count = 0;
  };
  /// Rows that wait, and what they leave out.
  using portion = std::pair<const column_set, lines>;

  portion& portion_of(const column_set& left_out);
  bool is_due(const portion& p) const;
  bool takes_a_copy(const portion& p) const { return !rows_.leaves_out_all(p.first); }
  portion* largest();
  void send_waiting();
  void copy(portion& p);
  void put();
  void end_copy();
  void insert(column_set unnamed);
  void run(const std::string& sql);

  postgres_link& link_;
  postgres_rows rows_;
  std::map<column_set, lines> portions_;
  portion* latest_ = nullptr;  ///< the one that the last row went to
  portion* open_ = nullptr;    ///< the one whose COPY is open
  std::size_t waiting_bytes_ = 0;
  std::string before_;
  std::optional<postgres_answer> failed_;
};

}  // namespace weir
