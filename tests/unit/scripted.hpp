#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "unit/lines.hpp"
#include "weir/context.hpp"

namespace weir::test {

/// A context with a clock that jumps, for one thread.
struct virtual_run {
  virtual_clock time;
  interrupt wake;
  std::shared_ptr<budget> ceiling = std::make_shared<budget>(64 << 20);
  context with{.pool = std::make_shared<block_pool>(ceiling), .time = &time, .wake = &wake};
};

/// A context with the machine's clock, for threads.
struct real_run {
  real_clock time;
  interrupt wake;
  std::shared_ptr<budget> ceiling = std::make_shared<budget>(64 << 20);
  context with{.pool = std::make_shared<block_pool>(ceiling), .time = &time, .wake = &wake};
};

/// Something that arrives `after` the thing before it.
struct arrival {
  std::chrono::milliseconds after;
  std::string lines;
};

/// A source whose lines arrive by a script. It waits as a source does: until the next arrival or
/// the deadline, and it ends early when it is told to drain.
inline stream scripted(std::vector<arrival> script, const context* with,
                       std::shared_ptr<const shard> of = nullptr) {
  if (!of) of = std::make_shared<shard>(shard{.name = "script", .identity = "script"});
  batch out(with->pool);
  position at;
  time_point due = with->time->now();
  for (const arrival& next : script) {
    due += next.after;
    for (;;) {
      const pull wanted = co_await request;
      if (wanted.drain) co_return;
      if (with->time->now() >= due) break;
      with->time->wait_readable(-1, *with->wake, std::min(due, wanted.until));
      if (with->time->now() >= due) break;
      out.reset(with->pool);
      co_yield out;
    }
    out = lines_of(next.lines, with->pool, of, at);
    at = out.runs().back().to;
    co_yield out;
  }
}

/// `count` lines "PREFIX1", "PREFIX2", ... in batches of `each` that come at once.
inline std::vector<arrival> counted(std::size_t count, std::size_t each = 7,
                                    std::string prefix = "r") {
  std::vector<arrival> script;
  std::string lines;
  for (std::size_t i = 1; i <= count; ++i) {
    lines += prefix + std::to_string(i) + "\n";
    if (i % each == 0 || i == count) script.push_back({{}, std::exchange(lines, {})});
  }
  return script;
}

/// All the texts of a stream, pulled without a deadline.
inline std::vector<std::string> drain_texts(stream& in) {
  std::vector<std::string> out;
  while (const batch* b = in.next(pull{})) {
    for (const record& r : *b) out.emplace_back(r.text());
  }
  return out;
}

/// The texts that `counted` gives.
inline std::vector<std::string> counted_texts(std::size_t count, const std::string& prefix = "r") {
  std::vector<std::string> out;
  for (std::size_t i = 1; i <= count; ++i) out.push_back(prefix + std::to_string(i));
  return out;
}

}  // namespace weir::test
