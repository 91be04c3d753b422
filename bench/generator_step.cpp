// What the engine's two joints cost: a generator's step beside a virtual call that gives the same
// item, and a per-record stage lifted by `each` beside its work in a plain loop. Prints JSON.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "sequences.hpp"
#include "weir/batch.hpp"
#include "weir/stream.hpp"

namespace {

using namespace bench;

constexpr double step_target_ratio = 2;
constexpr double each_target_ns = 5;
constexpr int rounds = 21;
constexpr std::uint64_t steps = 4'000'000;
constexpr std::uint64_t batch_records = 1000;
constexpr std::uint64_t batches = 2000;

/// Keeps a result alive, so that the loop which made it is not optimised away.
void use(std::uint64_t result) {
  asm volatile("" : : "r"(result));
}

/// The thread's own time on a core: what other processes take does not count.
std::int64_t cpu_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

double ns_each(std::int64_t start_ns, std::uint64_t count) {
  return static_cast<double>(cpu_ns() - start_ns) / static_cast<double>(count);
}

double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

/// `next` fills a number in and says whether there was one.
template <class Next>
double step_ns(Next next) {
  const std::int64_t start_ns = cpu_ns();
  std::uint64_t sum = 0, item = 0;
  for (std::uint64_t i = 0; i < steps && next(item); ++i) sum += item;
  use(sum);
  return ns_each(start_ns, steps);
}

double virtual_step() {
  const auto numbers = count_virtually();
  return step_ns([&](std::uint64_t& item) { return numbers->next(item); });
}

double lazy_step() {
  auto numbers = count_lazily();
  return step_ns([&](std::uint64_t& item) {
    const std::uint64_t* lent = numbers.next();
    if (lent != nullptr) item = *lent;
    return lent != nullptr;
  });
}

double requested_virtual_step() {
  const auto numbers = count_virtually_on_request();
  const weir::pull wanted;
  return step_ns([&](std::uint64_t& item) { return numbers->next(wanted, item); });
}

double requested_lazy_step() {
  auto numbers = count_lazily_on_request();
  const weir::pull wanted;
  return step_ns([&](std::uint64_t& item) {
    const std::uint64_t* lent = numbers.next(wanted);
    if (lent != nullptr) item = *lent;
    return lent != nullptr;
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

std::shared_ptr<weir::block_pool> new_pool() {
  return std::make_shared<weir::block_pool>(std::make_shared<weir::budget>(64 * 1024 * 1024));
}

double plain_record_ns(const std::vector<std::string>& lines, keeps_some keeps) {
  auto source = same_lines(new_pool(), &lines);
  const weir::pull wanted;
  const std::int64_t start_ns = cpu_ns();
  std::uint64_t kept = 0;
  while (weir::batch* b = source.next(wanted)) {
    for (const weir::record& r : b->all()) kept += keeps(r) ? 1 : 0;
  }
  use(kept);
  return ns_each(start_ns, batches * batch_records);
}

double lifted_record_ns(const std::vector<std::string>& lines, keeps_some keeps) {
  const auto judge = [keeps](weir::record& r) -> weir::verdict {
    return keeps(r) ? weir::keep : weir::drop;
  };
  auto stage = weir::each(same_lines(new_pool(), &lines), judge);
  const weir::pull wanted;
  const std::int64_t start_ns = cpu_ns();
  std::uint64_t kept = 0;
  while (weir::batch* b = stage.next(wanted)) kept += b->size();
  use(kept);
  return ns_each(start_ns, batches * batch_records);
}

/// The median of paired differences.
double each_overhead_ns(keeps_some keeps) {
  const auto lines = make_lines();
  std::vector<double> over;
  for (int i = 0; i < rounds; ++i) {
    const double plain = plain_record_ns(lines, keeps);
    over.push_back(lifted_record_ns(lines, keeps) - plain);
  }
  return median(over);
}

struct step_cost {
  double virtual_ns;
  double lazy_ns;
  double ratio;
};

step_cost compare_steps(double (*virtual_one)(), double (*lazy_one)()) {
  std::vector<double> virtual_ns, lazy_ns, ratio;
  for (int i = 0; i < rounds; ++i) {
    virtual_ns.push_back(virtual_one());
    lazy_ns.push_back(lazy_one());
    ratio.push_back(lazy_ns.back() / virtual_ns.back());
  }
  return {median(virtual_ns), median(lazy_ns), median(ratio)};
}

}  // namespace

int main() {
  const step_cost step = compare_steps(virtual_step, lazy_step);
  const step_cost requested = compare_steps(requested_virtual_step, requested_lazy_step);
  const double keep_all = each_overhead_ns({'9' + 1}), keep_tenth = each_overhead_ns({'1'});
  const bool met =
      step.ratio <= step_target_ratio && keep_all <= each_target_ns && keep_tenth <= each_target_ns;
  std::printf(R"({"virtual_ns": %.3f, "generator_ns": %.3f, "step_ratio": %.3f, )", step.virtual_ns,
              step.lazy_ns, step.ratio);
  std::printf(R"("requested_virtual_ns": %.3f, "requested_generator_ns": %.3f, )",
              requested.virtual_ns, requested.lazy_ns);
  std::printf(R"("requested_step_ratio": %.3f, )", requested.ratio);
  std::printf(R"("each_keeping_all_ns": %.3f, "each_keeping_tenth_ns": %.3f, "met": %s})"
              "\n",
              keep_all, keep_tenth, met ? "true" : "false");
}
