#include "engine/shard_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/whole_number.hpp"
#include "sink/output.hpp"

namespace weir {
namespace {

constexpr std::string_view prefix = "shards-";
/// A table is merged with a newer one unless it is so many times its size.
constexpr std::uint64_t much_larger = 2;

std::uint64_t number_of(const logged_table& t) {
  return leading_number(std::string_view{t.file}.substr(prefix.size()));
}

std::string next_name(const std::vector<logged_table>& logged) {
  std::uint64_t latest = 0;
  for (const logged_table& t : logged) latest = std::max(latest, number_of(t));
  return fmt::format("{}{}", prefix, latest + 1);
}

table_rows rows_in(std::vector<table_row> rows) {
  for (table_row& row : rows) co_yield row;
}

}  // namespace

shard_tables::shard_tables(disk& files, std::string directory,
                           const std::vector<logged_table>& logged)
    : files_(files), directory_(std::move(directory)) {
  for (const logged_table& t : logged) tables_.emplace_back(files_, directory_, t);
  remove_all_but(logged);
}

std::optional<table_row> shard_tables::find(const shard_key& key) const {
  for (const shard_table& t : tables_) {
    if (auto found = t.find(key)) return found;
  }
  return std::nullopt;
}

std::expected<std::vector<logged_table>, delivery_error> shard_tables::add(
    std::vector<table_row> rows, const std::vector<logged_table>& logged) const {
  std::uint64_t shards = rows.size();
  std::vector<table_rows> inputs;
  inputs.push_back(rows_in(std::move(rows)));
  std::size_t merged = 0;
  for (; merged < logged.size() && logged[merged].shards <= much_larger * shards; ++merged) {
    const std::string path = directory_ + "/" + logged[merged].file;
    auto opened = files_.open(path, open_for::reading);
    if (!opened) return std::unexpected(delivery_failed(path, opened.error()));
    inputs.push_back(rows_of(std::move(*opened), path, logged[merged]));
    shards += logged[merged].shards;
  }
  const std::string name = next_name(logged);
  auto made = write_table(files_, directory_, name, std::move(inputs));
  if (!made) return std::unexpected(delivery_failed(directory_ + "/" + name, made.error()));
  if (const auto synced = files_.sync_directory(directory_); !synced) {
    return std::unexpected(delivery_failed(directory_, synced.error()));
  }
  std::vector<logged_table> all{std::move(*made)};
  all.insert(all.end(), logged.begin() + static_cast<std::ptrdiff_t>(merged), logged.end());
  return all;
}

void shard_tables::remove_all_but(const std::vector<logged_table>& logged) const {
  const auto names = files_.list(directory_);
  if (!names) return;
  for (const std::string& name : *names) {
    const bool named = std::ranges::find(logged, name, &logged_table::file) != logged.end();
    if (name.starts_with(prefix) && !named)
      static_cast<void>(files_.remove(directory_ + "/" + name));
  }
}

}  // namespace weir
