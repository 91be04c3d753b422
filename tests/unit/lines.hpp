#pragma once
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir::test {

inline std::shared_ptr<block_pool> new_pool(std::size_t limit_bytes = 256 << 20) {
  return std::make_shared<block_pool>(std::make_shared<budget>(limit_bytes));
}

/// A batch of the lines of `text`, side by side in one block as framing leaves them. Numbers
/// continue from `from`.
inline batch lines_of(std::string_view text, const std::shared_ptr<block_pool>& pool = new_pool(),
                      std::shared_ptr<const shard> of = nullptr, position from = {}) {
  if (!of) of = std::make_shared<shard>(shard{.name = "test", .identity = "test"});
  batch b(pool);
  const auto memory = pool->take(text.size());
  if (!text.empty()) std::memcpy(memory->data(), text.data(), text.size());
  b.store().memory.adopt(memory);
  b.open_run(of, from);
  std::string_view left{memory->data(), text.size()};
  while (!left.empty()) {
    const std::string_view line = left.substr(0, left.find('\n'));
    b.add(line, ++from.number, from.offset);
    const std::size_t taken = std::min(left.size(), line.size() + 1);
    left.remove_prefix(taken);
    from.offset += taken;
    b.advance(from);
  }
  return b;
}

/// The live records' texts.
inline std::vector<std::string> texts(const batch& b) {
  std::vector<std::string> out;
  for (const record& r : b) out.emplace_back(r.text());
  return out;
}

}  // namespace weir::test
