#include "engine/behind_stages.hpp"

#include <utility>
#include <vector>

#include "engine/field_watch.hpp"
#include "stage/lanes.hpp"

namespace weir {
namespace {

/// A run of per-batch stages as one function.
batch_function in_a_row(std::vector<batch_function> stages) {
  if (stages.size() == 1) return std::move(stages.front());
  return [stages = std::move(stages)](batch& b) {
    for (const batch_function& work : stages) work(b);
  };
}

bool may_run_in_lanes(const planned_stage& s) {
  return s.made.per_batch && s.made.stateless;
}

batch_function instance_of(const std::vector<const planned_stage*>& run, const context& with) {
  std::vector<batch_function> made;
  for (const planned_stage* s : run) made.push_back(s->made.per_batch(with, *s->id));
  return in_a_row(std::move(made));
}

stream lent_by(stream* upstream) {
  while (batch* b = upstream->next(co_await request)) co_yield *b;
}

/// A stage that ends by itself, in a branch: each record that a branch was given is accounted for,
/// so what the stages in front of it still hold is let out and filtered by it.
stream followed_to_the_end(stream in, const planned_stage* s, const context* with) {
  stream out = s->made.whole(lent_by(&in), *with, *s->id);
  while (batch* b = out.next(co_await request)) co_yield *b;
  for (;;) {
    pull wanted = co_await request;
    wanted.drain = true;
    batch* const left = in.next(wanted);
    if (left == nullptr) co_return;
    left->apply(*s->id, [](const record&) { return drop; });
    co_yield *left;
  }
}

}  // namespace

stream behind_stages(stream in, const section& of, const context& with, std::size_t lanes,
                     place_in_plan where) {
  std::vector<const planned_stage*> run;
  const auto chain_run = [&] {
    if (run.empty()) return;
    const auto make = [run, &with] { return instance_of(run, with); };
    in =
        lanes > 1 ? in_lanes(std::move(in), lanes, make, &with) : each_batch(std::move(in), make());
    run.clear();
  };
  for (const planned_stage& s : of.stages) {
    if (lanes > 1 ? may_run_in_lanes(s) : static_cast<bool>(s.made.per_batch)) {
      run.push_back(&s);
      continue;
    }
    chain_run();
    if (!s.made.whole) {
      in = each_batch(std::move(in), s.made.per_batch(with, *s.id));
    } else if (s.made.makes_end && where == place_in_plan::branch) {
      in = followed_to_the_end(std::move(in), &s, &with);
    } else {
      in = s.made.whole(std::move(in), with, *s.id);
    }
  }
  chain_run();
  return of.sink.watch ? watched(std::move(in), of.sink.watch) : std::move(in);
}

}  // namespace weir
