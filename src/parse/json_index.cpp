#include "parse/json_index.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "base/shelf.hpp"

namespace weir {
namespace {

using simdjson::internal::dom_parser_implementation;

}  // namespace

struct json_indexer::parts {
  explicit parts(std::shared_ptr<block_pool> p) : pool(std::move(p)) {}

  std::shared_ptr<block_pool> pool;
  std::shared_ptr<shelf<structural_index>> idle = std::make_shared<shelf<structural_index>>();
  std::unique_ptr<dom_parser_implementation> simd;
  std::size_t capacity_bytes = 0;  ///< of `simd`
  std::unique_ptr<structural_index> open;

  // Every array has room for the parser's capacity, so that arrays and parser can be exchanged.
  void grow(std::size_t bytes) {
    if (simd && capacity_bytes >= bytes) return;
    capacity_bytes = std::max(bytes, block_bytes + block_padding);
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity_bytes, 1, simd) != simdjson::SUCCESS) {
      throw std::bad_alloc();
    }
  }

  bool scan(std::string_view text) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    return simd->stage1(bytes, text.size(), simdjson::stage1_mode::regular) == simdjson::SUCCESS;
  }
};

json_indexer::json_indexer(std::shared_ptr<block_pool> pool)
    : parts_(std::make_unique<parts>(std::move(pool))) {}
json_indexer::~json_indexer() = default;
json_indexer::json_indexer(json_indexer&&) noexcept = default;
json_indexer& json_indexer::operator=(json_indexer&&) noexcept = default;

void json_indexer::begin(const char* base, std::size_t capacity_bytes) {
  parts& p = *parts_;
  p.grow(capacity_bytes);
  p.open = p.idle->take();
  if (p.open->capacity_bytes < p.capacity_bytes) {
    // As much as simdjson gives its own array for the same capacity: a block more, and sentinels.
    p.open->at = std::make_unique_for_overwrite<std::uint32_t[]>(p.capacity_bytes + 128);
    p.open->capacity_bytes = p.capacity_bytes;
  }
  p.open->base = base;
  p.open->count = 0;
}

bool json_indexer::add(std::string_view text) {
  parts& p = *parts_;
  structural_index& index = *p.open;
  const bool first = index.count == 0 && text.data() == index.base;
  if (first) std::swap(p.simd->structural_indexes, index.at);
  const bool good = p.scan(text);
  if (first) std::swap(p.simd->structural_indexes, index.at);
  if (!good) return false;
  const std::uint32_t found = p.simd->n_structural_indexes;
  if (!first) {
    const auto shift = static_cast<std::uint32_t>(text.data() - index.base);
    for (std::uint32_t i = 0; i < found; ++i) {
      index.at[index.count + i] = p.simd->structural_indexes[i] + shift;
    }
  }
  index.count += found;
  // Two sentinels behind the last one, at the text's end: a walk looks ahead that far.
  index.at[index.count] = index.at[index.count + 1] =
      static_cast<std::uint32_t>(text.data() + text.size() - index.base);
  return true;
}

std::span<const std::uint32_t> json_indexer::found() const noexcept {
  return {parts_->open->at.get(), parts_->open->count};
}

std::shared_ptr<const structural_index> json_indexer::take() {
  const std::size_t bytes = parts_->open->count * sizeof(std::uint32_t);
  parts_->pool->ceiling().take(bytes);
  return {parts_->open.release(),
          [idle = parts_->idle, pool = parts_->pool, bytes](const structural_index* back) {
            pool->ceiling().give_back(bytes);
            idle->put(std::unique_ptr<structural_index>(const_cast<structural_index*>(back)));
          }};
}

}  // namespace weir
