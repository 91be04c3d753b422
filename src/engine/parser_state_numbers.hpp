#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir {

/// The numbers by which tables of shards tell what parsers keep: 0 for nothing, and from 1 on the
/// place in a list that the log's header has. Files that are alike leave the same, so the list can
/// be short: it holds what many shards share, as far as it has room. A place in it is for good,
/// since tables are not written again for it.
class parser_state_numbers {
 public:
  static constexpr std::size_t most_states = 1000;
  static constexpr std::size_t most_bytes = 512 << 10;  ///< of all of them
  static constexpr std::size_t fewest_shards = 10;      ///< that share one

  /// In how many shards something was kept.
  using counts = std::unordered_map<std::string_view, std::size_t>;

  explicit parser_state_numbers(const std::vector<std::string>& listed);

  /// Lists what is kept in many shards, the commonest first.
  void add_common(const counts& kept);
  /// Nothing for what is not in the list.
  std::optional<std::uint16_t> number_of(std::string_view kept) const;
  /// In the order of the numbers.
  std::vector<std::string> listed() const;

 private:
  void add(std::string_view kept);

  std::map<std::string, std::uint16_t, std::less<>> numbers_;
  std::size_t bytes_ = 0;
};

}  // namespace weir
