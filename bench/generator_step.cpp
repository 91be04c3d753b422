// What the engine's two joints cost: a generator's step beside a virtual call that gives the same
// item, and a per-record stage lifted by `each` beside its work in a plain loop. Prints JSON.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sequences.hpp"
#include "weir/batch.hpp"
#include "weir/stream.hpp"

namespace {

using namespace bench;

constexpr int rounds = 21;
constexpr std::uint64_t steps = 4'000'000;
constexpr std::uint64_t batch_records = 1000;
constexpr std::uint64_t batches = 2000;

/// Keeps a result alive, so that the loop which made it is not optimised away.
void use(std::uint64_t result) {
  asm volatile("" : : "r"(result));
}

template <class Fn>
double ns_each(std::uint64_t count, Fn fn) {
  const auto start = std::chrono::steady_clock::now();
  fn();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  return took.count() / static_cast<double>(count);
}

double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

double virtual_step() {
  const auto numbers = count_virtually();
  return ns_each(steps, [&] {
    std::uint64_t sum = 0, item = 0;
    for (std::uint64_t i = 0; i < steps && numbers->next(item); ++i) sum += item;
    use(sum);
  });
}

double generator_step() {
  auto numbers = count_lazily();
  return ns_each(steps, [&] {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint64_t* item = numbers.next();
      if (item == nullptr) break;
      sum += *item;
    }
    use(sum);
  });
}

double requested_step() {
  auto numbers = count_on_request();
  return ns_each(steps, [&] {
    const weir::pull wanted;
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint64_t* item = numbers.next(wanted);
      if (item == nullptr) break;
      sum += *item;
    }
    use(sum);
  });
}

/// The work of a stage that keeps one record in ten, or all of them: a look at a byte of the text.
struct keeps_some {
  char until;
  bool operator()(const weir::record& r) const { return r.text()[4] < until; }
};

/// Batches of the same thousand lines; what filling them costs is in all the times alike.
weir::stream same_lines(std::shared_ptr<weir::block_pool> pool,
                        const std::vector<std::string>* lines) {
  const auto shard = std::make_shared<const weir::shard>(weir::shard{"lines", "lines", 0});
  weir::batch b(pool);
  b.reserve(batch_records);
  for (std::uint64_t n = 0; n < batches; ++n) {
    b.reset(pool);
    b.open_run(shard, {0, 0});
    for (std::uint64_t i = 0; i < batch_records; ++i) b.add((*lines)[i], i + 1, i);
    b.advance({batch_records, batch_records});
    co_yield b;
  }
}

std::vector<std::string> make_lines() {
  std::vector<std::string> lines;
  std::uint64_t bits = 1;
  for (std::uint64_t i = 0; i < batch_records; ++i) {
    bits =
        bits * 6364136223846793005 + 1442695040888963407;  // an LCG (Knuth): no pattern to predict
    lines.push_back("row " + std::to_string((bits >> 33) % 10) +
                    std::string(weir::block_padding, ' '));
  }
  return lines;
}

struct record_cost {
  double plain;
  double lifted;
};

/// One round: the work in a plain loop over the records, then as a stage.
record_cost record_round(const std::vector<std::string>& lines, keeps_some keeps) {
  const auto pool =
      std::make_shared<weir::block_pool>(std::make_shared<weir::budget>(64 * 1024 * 1024));
  const weir::pull wanted;
  auto source = same_lines(pool, &lines);
  const double plain = ns_each(batches * batch_records, [&] {
    std::uint64_t kept = 0;
    while (weir::batch* b = source.next(wanted)) {
      for (const weir::record& r : b->all()) kept += keeps(r) ? 1 : 0;
    }
    use(kept);
  });
  const auto judge = [keeps](weir::record& r) -> weir::verdict {
    return keeps(r) ? weir::keep : weir::drop;
  };
  auto stage = weir::each(same_lines(pool, &lines), judge);
  const double lifted = ns_each(batches * batch_records, [&] {
    std::uint64_t kept = 0;
    while (weir::batch* b = stage.next(wanted)) kept += b->size();
    use(kept);
  });
  return {plain, lifted};
}

double each_overhead_ns(keeps_some keeps) {
  const auto lines = make_lines();
  std::vector<double> over;
  for (int i = 0; i < rounds; ++i) {
    const record_cost c = record_round(lines, keeps);
    over.push_back(c.lifted - c.plain);
  }
  return median(over);
}

}  // namespace

int main() {
  std::vector<double> virtual_ns, generator_ns, ratio, requested_ratio;
  for (int i = 0; i < rounds; ++i) {
    const double v = virtual_step(), g = generator_step(), r = requested_step();
    virtual_ns.push_back(v);
    generator_ns.push_back(g);
    ratio.push_back(g / v);
    requested_ratio.push_back(r / v);
  }
  const double keep_all = each_overhead_ns({'9' + 1}), keep_tenth = each_overhead_ns({'1'});
  const bool met =
      median(ratio) <= 2 && median(requested_ratio) <= 2 && keep_all <= 5 && keep_tenth <= 5;
  std::printf(
      R"({"virtual_ns": %.3f, "generator_ns": %.3f, "ratio_plain": %.3f, )"
      R"("ratio_requested": %.3f, "each_keeping_all_ns": %.3f, "each_keeping_tenth_ns": %.3f, )"
      R"("met": %s})"
      "\n",
      median(virtual_ns), median(generator_ns), median(ratio), median(requested_ratio), keep_all,
      keep_tenth, met ? "true" : "false");
}
