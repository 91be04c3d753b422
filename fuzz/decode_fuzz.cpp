// Decompression: whatever the bytes, it ends, stays within its limits, and does not depend on how
// the input is split.
#include <cstdlib>
#include <memory>
#include <string>

#include "codec/decode.hpp"
#include "split.hpp"
#include "weir/context.hpp"

namespace {

using namespace weir;
using fuzz::split;

struct content {
  std::string bytes;
  std::string why;
};

/// liblzma gives a symbol more or less in front of corrupt data, as the input was split; nothing
/// else may differ.
bool agree(const content& a, const content& b) {
  if (a.why != b.why) return false;
  if (a.why == "xz: corrupt data")
    return a.bytes.starts_with(b.bytes) || b.bytes.starts_with(a.bytes);
  return a.bytes == b.bytes;
}

content read(const std::string& stored, std::size_t each, const context& with) {
  constexpr std::uint64_t limit = 1 << 20;
  content out;
  byte_stream in = decode(split(stored, each, with.pool), {.max_bytes = limit}, with);
  while (const chunk* next = in.next(pull{})) {
    if (!out.why.empty()) std::abort();
    out.bytes += next->bytes;
    if (next->fault) out.why = next->fault->why;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const context with{.pool = std::make_shared<block_pool>(std::make_shared<budget>(64 << 20))};
  const std::string stored(reinterpret_cast<const char*>(data), size);
  if (!agree(read(stored, block_bytes, with), read(stored, 7, with))) std::abort();
  return 0;
}
