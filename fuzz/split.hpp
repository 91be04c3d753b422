#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include "base/chunk.hpp"

namespace weir::fuzz {

/// `bytes` in pieces of `each`.
inline byte_stream split(std::string bytes, std::size_t each, std::shared_ptr<block_pool> pool) {
  for (std::size_t at = 0; at < bytes.size(); at += each) {
    const std::size_t size = std::min(each, bytes.size() - at);
    auto memory = pool->take(size);
    std::copy_n(bytes.data() + at, size, memory->data());
    chunk next{.bytes = {memory->data(), size}, .memory = memory};
    co_yield next;
  }
}

}  // namespace weir::fuzz
