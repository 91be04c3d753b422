#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "engine/key_filter.hpp"
#include "engine/shard_key.hpp"
#include "weir/generator.hpp"
#include "weir/record.hpp"

namespace weir {

/// What the checkpoint log knows of a table of shards: enough to tell any other file from it.
struct logged_table {
  std::string file;  ///< in the state directory
  std::uint64_t shards = 0;
  std::string sum = {};  ///< XXH3-128 over all bytes, in hex
  friend bool operator==(const logged_table&, const logged_table&) = default;
};

/// How far one shard was read, and the number of what a parser keeps of it (parser_state_numbers).
struct table_row {
  static constexpr std::uint64_t most_number = (std::uint64_t{1} << 48) - 1;  ///< of `at.number`
  static constexpr std::uint16_t most_parser_state = (1 << 14) - 1;

  shard_key key;
  position at;
  std::uint16_t parser_state = 0;
  bool ended = false;
  friend bool operator==(const table_row&, const table_row&) = default;
};

/// A table of shards: a file that is never changed, of 16 bytes of heading and 32 for each shard,
/// in the order of their keys: key (high, low), offset, and number, each 8 bytes, little-endian.
/// The number has 48 bits; above it are 14 of `parser_state`, `ended` and `past_fault`.
///
/// Open for look-ups, of which any thread may make any. In memory is a filter of 12 bits a shard.
class shard_table {
 public:
  /// Reads `DIRECTORY/FILE` once. Throws weir::error (io) if it is not what the log says.
  shard_table(disk& files, const std::string& directory, const logged_table& of);

  /// Throws weir::error (io) if it cannot be read any more.
  std::optional<table_row> find(const shard_key& key) const;

 private:
  std::vector<table_row> block_at(std::uint64_t first) const;

  std::string path_;
  std::uint64_t rows_;
  std::unique_ptr<file> file_;
  key_filter filter_;
};

using table_rows = generator<table_row>;

/// All rows of a table in order. Throws weir::error (io) where it is not what the log says, at the
/// latest at its end: nothing of it may be believed before.
table_rows rows_of(std::unique_ptr<file> table, std::string path, logged_table of);

/// Writes the rows of `inputs`, each in order, as one table, durably but for the file's name. Of
/// rows with the same key the one of the first input goes in.
io_result<logged_table> write_table(disk& files, const std::string& directory, std::string name,
                                    std::vector<table_rows> inputs);

}  // namespace weir
