// Framing: any split of the bytes gives the same records, and the runs tell exactly what they hold.
#include <cstdlib>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "codec/frame.hpp"
#include "split.hpp"
#include "weir/context.hpp"

namespace {

using namespace weir;
using fuzz::split;

using line = std::tuple<std::string, std::uint64_t, std::uint64_t, bool>;

std::vector<line> read(const std::string& bytes, std::size_t each, const framing_options& options,
                       const context& with) {
  const stage_id stage{.rule = first_rule, .name = "lines"};
  const auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a"});
  std::vector<line> out;
  position at;
  stream in = frame(split(bytes, each, with.pool), of, at, options, stage, with);
  while (const batch* b = in.next(pull{})) {
    const run& covers = b->runs().back();
    if (covers.from != at || covers.to.number - at.number != b->all().size()) std::abort();
    at = covers.to;
    for (const record& r : b->all()) {
      out.emplace_back(std::string{r.raw()}, r.number(), r.offset(), r.is_live());
    }
  }
  if (at.offset != bytes.size()) std::abort();
  return out;
}

}  // namespace

/// The first byte picks the delimiter, the second the longest line and the split; the rest is the
/// shard.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const std::vector<std::string> delimiters{"\n", "\r\n", std::string(1, '\0'), "--", "aab"};
  const framing_options options{.delimiter = delimiters[data[0] % delimiters.size()],
                                .max_line_bytes = data[1]};
  const context with{.pool = std::make_shared<block_pool>(std::make_shared<budget>(64 << 20))};
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::size_t each = data[1] % 9 + 1u;
  if (read(bytes, block_bytes, options, with) != read(bytes, each, options, with)) std::abort();
  return 0;
}
