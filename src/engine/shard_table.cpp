#include "engine/shard_table.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/content_hash.hpp"
#include "base/number_bytes.hpp"
#include "base/require.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::string_view heading{"weir shards  1\n\0", 16};
constexpr std::size_t row_bytes = 32;
constexpr std::uint64_t past_fault_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t ended_bit = std::uint64_t{1} << 62;
constexpr int parser_state_shift = 48;
/// How much a look-up reads at a time.
constexpr std::size_t block_rows = 128;
/// How much reading and writing in order take at a time.
constexpr std::size_t chunk_bytes = 128 * 1024;
/// Keys are evenly spread, so guessing where one lies finds it in two or three steps; should they
/// not be, halving does.
constexpr int most_guesses = 6;

table_row row_at(const char* from) {
  const std::uint64_t number = number_at<std::uint64_t>(from + 24);
  return {
      .key = {.high = number_at<std::uint64_t>(from), .low = number_at<std::uint64_t>(from + 8)},
      .at = {.offset = number_at<std::uint64_t>(from + 16),
             .number = number & table_row::most_number,
             .past_fault = (number & past_fault_bit) != 0},
      .parser_state =
          static_cast<std::uint16_t>(number >> parser_state_shift & table_row::most_parser_state),
      .ended = (number & ended_bit) != 0};
}

void add_row(const table_row& row, std::string& out) {
  add_number(row.key.high, out);
  add_number(row.key.low, out);
  add_number(row.at.offset, out);
  std::uint64_t number = row.at.number | std::uint64_t{row.parser_state} << parser_state_shift;
  if (row.ended) number |= ended_bit;
  if (row.at.past_fault) number |= past_fault_bit;
  add_number(number, out);
}

[[noreturn]] void not_as_written(const std::string& path) {
  throw error(exit_code::io, path + ": damaged, or not of this state",
              "put the whole state directory back as it was, or begin anew with another --state "
              "and empty outputs");
}

/// Fills `into` with the bytes at `offset`.
void read_exactly(file& from, const std::string& path, std::span<char> into, std::uint64_t offset) {
  if (require(read_fully(from, into, offset), path) < into.size()) not_as_written(path);
}

std::unique_ptr<file> opened(disk& files, const std::string& path) {
  return require(files.open(path, open_for::reading), path);
}

/// The inputs of a merge, each with its next row.
class merged_rows {
 public:
  explicit merged_rows(std::vector<table_rows> inputs) : inputs_(std::move(inputs)) {
    for (table_rows& input : inputs_) next_.push_back(input.next());
  }
  std::optional<table_row> next() {
    const table_row* least = nullptr;
    for (const table_row* const row : next_) {
      if (row != nullptr && (least == nullptr || row->key < least->key)) least = row;
    }
    if (least == nullptr) return std::nullopt;
    const table_row found = *least;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      if (next_[i] != nullptr && next_[i]->key == found.key) next_[i] = inputs_[i].next();
    }
    return found;
  }

 private:
  std::vector<table_rows> inputs_;
  std::vector<table_row*> next_;
};

}  // namespace

table_rows rows_of(std::unique_ptr<file> table, std::string path, logged_table of) {
  const std::uint64_t size = heading.size() + of.shards * row_bytes;
  if (require(table->status(), path).size != size) not_as_written(path);
  content_hash sum;
  std::string chunk(heading.size(), '\0');
  read_exactly(*table, path, chunk, 0);
  if (chunk != heading) not_as_written(path);
  sum.add(chunk);
  shard_key before;
  for (std::uint64_t at = heading.size(); at < size; at += chunk.size()) {
    chunk.resize(std::min<std::uint64_t>(chunk_bytes, size - at));
    read_exactly(*table, path, chunk, at);
    sum.add(chunk);
    for (std::size_t i = 0; i < chunk.size(); i += row_bytes) {
      table_row row = row_at(chunk.data() + i);
      if (row.key < std::exchange(before, row.key)) not_as_written(path);
      co_yield row;
    }
  }
  if (sum.text() != of.sum) not_as_written(path);
}

shard_table::shard_table(disk& files, const std::string& directory, const logged_table& of)
    : path_(directory + "/" + of.file),
      rows_(of.shards),
      file_(opened(files, path_)),
      filter_(of.shards) {
  table_rows rows = rows_of(opened(files, path_), path_, of);
  while (const table_row* const row = rows.next()) filter_.add(row->key);
}

std::vector<table_row> shard_table::block_at(std::uint64_t first) const {
  std::string bytes(std::min<std::uint64_t>(block_rows, rows_ - first) * row_bytes, '\0');
  read_exactly(*file_, path_, bytes, heading.size() + first * row_bytes);
  std::vector<table_row> rows;
  for (std::size_t i = 0; i < bytes.size(); i += row_bytes) {
    rows.push_back(row_at(bytes.data() + i));
  }
  return rows;
}

std::optional<table_row> shard_table::find(const shard_key& key) const {
  if (!filter_.may_have(key)) return std::nullopt;
  std::uint64_t first = 0;
  std::uint64_t last = rows_;
  shard_key low;
  shard_key high{.high = UINT64_MAX, .low = UINT64_MAX};
  for (int step = 0; first < last; ++step) {
    double part = 0.5;
    if (step < most_guesses && low.high < high.high) {
      part = static_cast<double>(key.high - low.high) / static_cast<double>(high.high - low.high);
    }
    const auto within = static_cast<std::uint64_t>(part * static_cast<double>(last - first));
    const std::uint64_t guess = first + std::min(within, last - first - 1);
    const std::uint64_t begin = std::max(first, guess - std::min(guess, block_rows / 2));
    const std::vector<table_row> rows = block_at(begin);
    if (key < rows.front().key) {
      last = begin;
      high = rows.front().key;
    } else if (rows.back().key < key) {
      first = begin + rows.size();
      low = rows.back().key;
    } else {
      const auto found = std::ranges::lower_bound(rows, key, {}, &table_row::key);
      return found->key == key ? std::optional(*found) : std::nullopt;
    }
  }
  return std::nullopt;
}

io_result<logged_table> write_table(disk& files, const std::string& directory, std::string name,
                                    std::vector<table_rows> inputs) {
  auto to = files.open(directory + "/" + name, open_for::writing);
  if (!to) return std::unexpected(to.error());
  if (const auto cut = (*to)->truncate(0); !cut) return std::unexpected(cut.error());
  logged_table made{.file = std::move(name)};
  merged_rows rows(std::move(inputs));
  content_hash sum;
  std::string bytes{heading};
  const auto put = [&]() -> io_result<void> {
    sum.add(bytes);
    const auto written = (*to)->write(bytes);
    bytes.clear();
    return written;
  };
  while (const auto row = rows.next()) {
    add_row(*row, bytes);
    ++made.shards;
    if (bytes.size() < chunk_bytes) continue;
    if (const auto done = put(); !done) return std::unexpected(done.error());
  }
  if (const auto done = put(); !done) return std::unexpected(done.error());
  if (const auto synced = (*to)->sync(); !synced) return std::unexpected(synced.error());
  made.sum = sum.text();
  return made;
}

}  // namespace weir
