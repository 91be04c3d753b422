#include "engine/parser_state_numbers.hpp"

#include <algorithm>
#include <utility>

#include "engine/shard_table.hpp"

namespace weir {

static_assert(parser_state_numbers::most_states <= table_row::most_parser_state);

parser_state_numbers::parser_state_numbers(const std::vector<std::string>& listed) {
  for (const std::string& kept : listed) add(kept);
}

void parser_state_numbers::add(std::string_view kept) {
  numbers_.emplace(kept, static_cast<std::uint16_t>(numbers_.size() + 1));
  bytes_ += kept.size();
}

void parser_state_numbers::add_common(const counts& kept) {
  std::vector<std::pair<std::size_t, std::string_view>> common;
  for (const auto& [text, shards] : kept) {
    if (shards >= fewest_shards && !number_of(text)) common.emplace_back(shards, text);
  }
  std::ranges::sort(common, std::greater{});
  for (const auto& [shards, text] : common) {
    if (numbers_.size() < most_states && bytes_ + text.size() <= most_bytes) add(text);
  }
}

std::optional<std::uint16_t> parser_state_numbers::number_of(std::string_view kept) const {
  if (kept.empty()) return 0;
  const auto known = numbers_.find(kept);
  if (known == numbers_.end()) return std::nullopt;
  return known->second;
}

std::vector<std::string> parser_state_numbers::listed() const {
  std::vector<std::string> texts(numbers_.size());
  for (const auto& [text, number] : numbers_) texts[number - 1] = text;
  return texts;
}

}  // namespace weir
