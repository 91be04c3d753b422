#include "source/framed.hpp"

#include <utility>

#include "codec/frame.hpp"

namespace weir {

stream framed(byte_stream content, std::shared_ptr<const shard> of, position from, reading& how,
              const context& with, std::function<bool()> broke_off) {
  auto framing = to_framing_options(how.options);
  framing.unverified = &how.unverified_records;
  stream records =
      frame(std::move(content), std::move(of), from, std::move(framing), how.stage, with);
  while (!broke_off()) {
    const pull want = co_await request;
    // Pulling on would make a record of a line of which only the beginning has been read.
    if (want.drain) co_return;
    batch* const some = records.next(want);
    if (!some) co_return;
    co_yield *some;
  }
}

}  // namespace weir
