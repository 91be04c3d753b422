#include "record/line_joiner.hpp"

#include <algorithm>

namespace weir {

void line_joiner::take(batch& in, time_point now) {
  batch all = std::exchange(spare_, batch(pool_));
  std::swap(all, in);
  const bool loose = !all.all().empty() && all.all().front().is_loose();
  if (loose) return put(std::move(all));  // out of order: there is no next line
  while (all.runs().size() > 1) {
    batch piece(pool_);
    piece.absorb_first_run(all);
    take_one_run(std::move(piece), now);
  }
  if (!all.runs().empty()) take_one_run(std::move(all), now);
}

batch line_joiner::take_ready() {
  batch out = std::move(ready_.front());
  ready_.pop_front();
  return out;
}

void line_joiner::give_back(batch used) {
  spare_ = std::move(used);
  spare_.reset(pool_);
}

stream join_lines(stream in, std::unique_ptr<line_joiner> joiner, bool leaves_cut_records,
                  const context* with) {
  batch out(with->pool);
  bool drained = false;
  for (;;) {
    pull wanted = co_await request;
    drained = drained || wanted.drain;
    const time_point asked_until = wanted.until;
    wanted.until = std::min(wanted.until, joiner->due());
    batch* const b = in.next(wanted);
    if (b == nullptr) break;
    const bool time_only = b->all().empty();
    const time_point now = with->time->now();
    joiner->take(*b, now);
    joiner->end_due(now);
    const bool answers = joiner->is_ready() || time_only || now >= asked_until;
    if (!answers) continue;
    do {
      joiner->give_back(std::move(out));
      out = joiner->is_ready() ? joiner->take_ready() : batch(with->pool);
      co_yield out;
    } while (joiner->is_ready());
  }
  // A drain may have ended the input below everybody who asks, or in front of a branch.
  const bool cut = drained || with->wake->stopped();
  const bool is_read_again = with->parser_state != nullptr;
  if (cut && (leaves_cut_records || is_read_again)) co_return;
  joiner->end_due(never);
  while (joiner->is_ready()) {
    out = joiner->take_ready();
    co_yield out;
  }
}

}  // namespace weir
