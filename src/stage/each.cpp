#include <utility>

#include "weir/stream.hpp"

namespace weir {

stream each_batch(stream in, batch_function fn) {
  while (batch* b = in.next(co_await request)) {
    fn(*b);
    co_yield *b;
  }
}

}  // namespace weir
