#pragma once
#include <chrono>
#include <functional>
#include <utility>

#include "weir/batch.hpp"
#include "weir/generator.hpp"

namespace weir {

using time_point = std::chrono::steady_clock::time_point;
inline constexpr time_point never = time_point::max();

/// What downstream wants. A source that would block beyond `until` answers with an empty batch,
/// which still carries time, progress and counts. `drain` asks the source to end; it sticks once
/// set. Every stage then hands over its remainder on the normal path. `flush` asks a stage that
/// holds records to hand them over now, as if its time had come: a commit wants to cover them.
struct pull {
  time_point until = never;
  bool drain = false;
  bool flush = false;
};

/// What every whole-stream stage takes and returns. A batch is lent until the next step; a stage
/// that keeps it moves it out.
using stream = generator<batch, pull>;

/// A stage that looks at one batch at a time and never waits. Stateless unless it says otherwise.
using batch_function = std::function<void(batch&)>;

/// Lifts a per-record function, `verdict(record&)`, to a stage.
template <class Fn>
stream each(stream in, Fn fn, stage_id id = {first_rule, "each"}) {
  while (batch* b = in.next(co_await request)) {
    b->apply(id, fn);
    co_yield *b;
  }
}

/// Lifts a per-batch function to a stage.
stream each_batch(stream in, batch_function fn);

}  // namespace weir
