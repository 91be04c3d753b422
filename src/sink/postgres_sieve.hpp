#pragma once
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sink/kept_group.hpp"
#include "sink/postgres_feed.hpp"
#include "sink/postgres_link.hpp"

namespace weir {

/// Finds the rows of a group that the server refuses: sends the group again in pieces, each behind
/// a savepoint, which grow while they are taken and shrink when they fail, down to single rows.
///
/// A row may need another one that comes later in the group (a foreign key within the table). So
/// what failed for that is sent once more when the others are there, until no more arrive.
class postgres_sieve {
 public:
  /// Follows the `begin` of the transaction, in which there is nothing but the group.
  static constexpr const char* savepoints = "savepoint weir_group; savepoint weir";

  /// All of them outlive it.
  postgres_sieve(postgres_link& link, postgres_feed& feed, kept_group& group)
      : link_(link), feed_(feed), group_(group) {}

  /// After it the transaction holds the group but for the rows that it has told the group to
  /// refuse. Constraints that wait for the COMMIT still do. Fails for what is about no row.
  std::expected<void, postgres_answer> sift();
  /// The same, for a group that breaks such constraints: they are checked with each piece.
  std::expected<void, postgres_answer> sift_by_all_constraints();

 private:
  using rows = std::span<const std::size_t>;
  struct failed_row {
    std::size_t at;
    std::string why;
    bool may_come;  ///< once the others are there
  };

  std::expected<void, postgres_answer> send_again_and_again();
  std::expected<void, postgres_answer> send_pieces(rows all, std::size_t size);
  std::expected<void, postgres_answer> send(rows piece);
  std::vector<std::size_t> take_those_that_may_come();
  void refuse_failed();
  bool may_come(const postgres_answer& why) const;

  postgres_link& link_;
  postgres_feed& feed_;
  kept_group& group_;
  bool by_all_constraints_ = false;
  std::string_view next_;  ///< what the piece before leaves to be done
  std::vector<failed_row> failed_;
};

}  // namespace weir
