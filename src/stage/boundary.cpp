#include "stage/boundary.hpp"

#include <utility>

namespace weir {

boundary::boundary(stream upstream, std::size_t batches, const context& with)
    : with_(with),
      queue_(batches, *with.time),
      thread_([this, in = std::move(upstream)]() mutable { pull_ahead(std::move(in)); }) {}

boundary::~boundary() {
  queue_.hang_up();
  drain();
  thread_.join();
  with_.wake->calm();
}

// The nudge lasts: the thread may be just about to wait when it comes.
void boundary::drain() {
  if (!drain_.exchange(true)) with_.wake->nudge();
}

void boundary::pull_ahead(stream upstream) {
  try {
    while (batch* b = upstream.next(pull{.until = never, .drain = drain_})) {
      if (!queue_.send(std::move(*b))) return;
    }
    queue_.end();
  } catch (...) {
    queue_.end(std::current_exception());
  }
}

received boundary::receive(batch& out, const pull& wanted) {
  if (wanted.drain) drain();
  return queue_.receive(out, wanted.until);
}

stream buffered(stream in, std::size_t batches, const context* with) {
  boundary ahead(std::move(in), batches, *with);
  batch out(with->pool);
  for (;;) {
    const received got = ahead.receive(out, co_await request);
    if (got == received::end) co_return;
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

}  // namespace weir
