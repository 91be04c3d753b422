#include "base/spool_segment.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "base/number_bytes.hpp"
#include "base/whole_number.hpp"

namespace weir {
namespace {

constexpr std::string_view name_prefix = "spool-";
constexpr std::size_t number_digits = 20;  // of any 64-bit number
constexpr std::string_view kept_word = "kept";
constexpr std::string_view passing_word = "once";

std::uint64_t sum_of(std::string_view bytes, std::uint64_t seed = 0) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

/// Cuts `size` characters off the front of `text`, and the blank behind them.
std::string_view cut(std::string_view& text, std::size_t size) {
  const std::string_view front = text.substr(0, size);
  text.remove_prefix(std::min(text.size(), size + 1));
  return front;
}

}  // namespace

std::string text_of(const segment_heading& h) {
  std::string text =
      fmt::format("weir spool 1 {} {} {:020} {:020} ", h.kept ? kept_word : passing_word, h.owner,
                  h.base.bytes, h.base.records);
  return text + fmt::format("{:016x}\n", sum_of(text));
}

std::optional<segment_heading> parse_segment_heading(std::string_view text) {
  std::string_view left = text;
  cut(left, std::string_view{"weir spool 1"}.size());
  const bool kept = cut(left, kept_word.size()) == kept_word;
  const std::string owner{cut(left, 32)};
  const auto bytes = whole_number(cut(left, number_digits));
  const auto records = whole_number(cut(left, number_digits));
  if (!bytes || !records) return std::nullopt;
  segment_heading h{.kept = kept, .owner = owner, .base = {*bytes, *records}};
  // The sum is in there.
  if (text_of(h) != text) return std::nullopt;
  return h;
}

std::string segment_name(const spool_place& base) {
  return fmt::format("{}{:020}", name_prefix, base.bytes);
}

std::optional<std::uint64_t> base_in_name(std::string_view name) {
  if (name.size() != name_prefix.size() + number_digits || !name.starts_with(name_prefix))
    return std::nullopt;
  return whole_number(name.substr(name_prefix.size()));
}

std::string text_of(const block_heading& h, std::string_view block) {
  std::string text;
  add_number(h.block_bytes, text);
  add_number(h.records, text);
  add_number(h.at, text);
  add_number(sum_of(block, sum_of(text)), text);
  return text;
}

block_heading read_block_heading(std::string_view text) {
  return {.block_bytes = number_at<std::uint32_t>(text.data()),
          .records = number_at<std::uint64_t>(text.data() + 4),
          .at = number_at<std::uint64_t>(text.data() + 12)};
}

bool is_whole(std::string_view text, std::string_view block, std::uint64_t at) {
  const block_heading said = read_block_heading(text);
  return said.at == at && said.block_bytes == block.size() && text_of(said, block) == text;
}

}  // namespace weir
