#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/chunk.hpp"
#include "weir/context.hpp"

namespace weir::test {

/// A context whose pool counts what is out.
struct fixture {
  explicit fixture(std::size_t memory_bytes = 256 << 20)
      : bytes(std::make_shared<budget>(memory_bytes)) {}

  std::shared_ptr<budget> bytes;
  context with{.pool = std::make_shared<block_pool>(bytes)};
};

using parts = std::vector<std::string>;

/// One chunk for each part; an empty part is time.
inline byte_stream stored(parts in, std::shared_ptr<block_pool> pool) {
  for (const std::string& part : in) {
    auto memory = pool->take(std::max<std::size_t>(part.size(), 1));
    std::ranges::copy(part, memory->data());
    chunk next{.bytes = {memory->data(), part.size()}, .memory = memory, .fault = {}};
    co_yield next;
  }
}

inline parts split_every(std::string_view bytes, std::size_t size) {
  parts out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    out.emplace_back(bytes.substr(0, size));
  }
  return out;
}

/// Cuts `bytes` into pieces of random sizes, empty ones among them.
inline parts split_at_random(std::string_view bytes, std::mt19937& random) {
  const std::size_t most = std::size_t{1} << (random() % 16);
  parts out;
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(random() % (most + 1), bytes.size());
    out.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return out;
}

/// All that a byte stream gave.
struct content {
  std::string bytes;
  std::optional<byte_fault> fault;
  std::uint64_t verified_to = 0;
};

inline content read_all(byte_stream in) {
  content out;
  while (const chunk* next = in.next(pull{})) {
    EXPECT_FALSE(out.fault) << "a chunk after the fault";
    EXPECT_LE(next->bytes.size(), block_bytes);
    out.bytes += next->bytes;
    out.verified_to = next->verified_to;
    if (next->fault) out.fault = next->fault;
  }
  return out;
}

/// Whether two long texts are equal; says where they part.
inline testing::AssertionResult same(std::string_view got, std::string_view expected) {
  if (got == expected) return testing::AssertionSuccess();
  const auto at = std::ranges::mismatch(got, expected).in1 - got.begin();
  return testing::AssertionFailure()
         << got.size() << " bytes for " << expected.size() << ", the first difference at " << at;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace weir::test
