#include "source/in_turns.hpp"

#include <memory>
#include <utility>

namespace weir {
namespace {

using shared_turn = std::shared_ptr<request_limit>;

shared_turn try_take(request_limit& limit) {
  return shared_turn{limit.try_take()};
}

stream during(shared_turn turn, stream records) {
  while (batch* const some = records.next(co_await request)) co_yield *some;
  turn.reset();
}

}  // namespace

shard_openers in_turns(shard_openers all, request_limit& limit) {
  while (shard_opener* const next = all.next()) {
    shared_turn turn = try_take(limit);
    shard_opener opener;
    for (; !turn; turn = try_take(limit)) co_yield opener;
    opener = [open = std::move(*next), mine = std::move(turn)] { return during(mine, open()); };
    co_yield opener;
  }
}

}  // namespace weir
