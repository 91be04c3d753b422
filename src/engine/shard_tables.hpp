#pragma once
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "engine/shard_table.hpp"
#include "weir/sink.hpp"

namespace weir {

/// The shards that a checkpoint log does not name any more, in tables beside it: memory is the same
/// for a thousand of them and, but for 12 bits each, for ten million.
///
/// A log that is replaced leaves its shards as a new table, merged with those before it that are
/// not much larger. So there are few tables, and a row is written again a few times only.
class shard_tables {
 public:
  /// Opens those that the log names, and removes others, which a crash has left. Throws weir::error
  /// (io) if one is not what the log says. `files` outlives it.
  shard_tables(disk& files, std::string directory, const std::vector<logged_table>& logged);

  /// The newest row of a shard as of the opening. Any thread may ask. Throws weir::error (io).
  std::optional<table_row> find(const shard_key& key) const;

  /// Writes `rows`, in the order of their keys, as a table in front of those that the log names
  /// now. Gives what it is to name instead; until it does so, nothing has changed.
  std::expected<std::vector<logged_table>, delivery_error> add(
      std::vector<table_row> rows, const std::vector<logged_table>& logged) const;
  /// Removes the tables that the log does not name, as far as that is possible.
  void remove_all_but(const std::vector<logged_table>& logged) const;

 private:
  disk& files_;
  std::string directory_;
  std::vector<shard_table> tables_;  ///< the newest first
};

}  // namespace weir
