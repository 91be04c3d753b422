#include "codec/rejoined.hpp"

namespace weir {

byte_stream rejoined(chunk first, byte_stream rest) {
  co_yield first;
  first = {};
  for (;;) {
    const pull want = co_await request;
    chunk* const next = rest.next(want);
    if (next == nullptr) co_return;
    co_yield *next;
  }
}

}  // namespace weir
