#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "weir/sink.hpp"

namespace weir {

/// The table in which a database keeps, for each sink of each pipeline, the entry of the checkpoint
/// log that belongs to the rows it holds. It is written in the transaction of the rows.
inline constexpr const char* commits_table = "weir_commits";

/// One row of it.
struct commit_row {
  std::uint64_t generation = 0;
  std::uint64_t entry = 0;
};

/// Decides by which entry a run goes on: by the row, as the rows of its transaction are there and
/// later ones are not. `database` is how messages call it. Throws weir::error if the row tells that
/// a newer run writes, or that the state does not belong to this database.
std::uint64_t entry_that_counts(const std::optional<commit_row>& row, const sink_memory& memory,
                                const std::string& database);

/// What a commit says that finds its row claimed by a newer run.
delivery_error taken_over(const std::string& database);

}  // namespace weir
