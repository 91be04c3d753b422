#include "codec/frame.hpp"

#include "codec/line_framer.hpp"

namespace weir {

stream frame(byte_stream bytes, std::shared_ptr<const shard> of, position from,
             framing_options options, const stage_id& stage, const context& with) {
  const std::shared_ptr<block_pool> pool = with.pool;
  line_framer lines(std::move(of), from, std::move(options), stage);
  batch out(pool);
  while (chunk* next = bytes.next(co_await request)) {
    lines.begin(*next);
    for (bool more = true; more;) {
      more = lines.frame_some(out);
      const std::size_t records = out.all().size();
      co_yield out;
      out.reset(pool);
      out.reserve(records);
    }
  }
  if (lines.finish(out)) co_yield out;
}

}  // namespace weir
