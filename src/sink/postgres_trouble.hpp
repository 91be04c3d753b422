#pragma once
#include <expected>

#include "sink/postgres_link.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Why a step of a transaction failed.
struct postgres_trouble {
  bool passes;  ///< a new attempt may succeed: a lost connection, a deadlock
  delivery_error failure;
};
using postgres_step = std::expected<void, postgres_trouble>;

/// Whether the server refuses the row, whoever sends it, and not the connection, the transaction or
/// the statement.
bool is_about_a_row(const postgres_answer& a);
/// Another transaction was in the way; the same one may be tried again at once.
bool is_conflict(const postgres_answer& a);
/// Too little of something, an operator at work, a lock.
bool may_pass(const postgres_answer& a);

}  // namespace weir
