#include "sink/commit_row.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "weir/error.hpp"

namespace weir {

std::uint64_t entry_that_counts(const std::optional<commit_row>& row, const sink_memory& memory,
                                const std::string& database) {
  const commit_point& last = memory.last;
  if (!row) {
    if (last.entry == 0) return 0;
    throw error(exit_code::usage,
                fmt::format("{}: its table {} does not know this pipeline, but the state does",
                            database, commits_table),
                "it is another database than before; begin with a new state directory");
  }
  if (row->generation > last.generation) {
    throw error(exit_code::locked, database + ": a newer run of this pipeline writes to it",
                "stop the other one first");
  }
  const std::uint64_t newest = std::max(last.entry, memory.newest);
  if (row->entry > newest) {
    throw error(exit_code::usage,
                fmt::format("{}: it holds entry {} of this pipeline, the state ends at {}: the "
                            "state is an older copy",
                            database, row->entry, newest),
                "use the state directory of the latest run");
  }
  return row->entry;
}

delivery_error taken_over(const std::string& database) {
  return {delivery_error::kind::broken,
          database + ": a newer run of this pipeline has taken over; nothing was committed",
          exit_code::locked};
}

}  // namespace weir
