// Stages that join lines, read them by a header in front or side by side, or recognise them: however
// lines fall into batches, they give the same records, each run tells exactly what it holds, and
// every record is valid JSON.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "engine/behind_stages.hpp"
#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/text_parser.hpp"
#include "record/json_grammar.hpp"

namespace {

using namespace weir;

constexpr std::string_view pipelines[] = {
    "csv",
    "csv lenient=true types=infer",
    "csv header=no quote=none max_record=20",
    "tsv quote='\"' comment='#'",
    "multiline all max_lines=5",
    "multiline start='^a' end='z$' max_bytes=30 on_limit=reject",
    "multiline unfinished='b'",
    "w3c",
    "zeek lenient=true",
    "vpc_flow 'a start b'",
    "container max_bytes=120",
    "journald max_record=200",
    "mysql_slow",
    "postgresql_log",
    "dotnet",
    "jul",
    "postgresql_csv",
    "auto",
    "json",
};

plan plan_of(std::string_view stage) {
  reporter report;
  const auto text = parse_text("pipeline", std::string{stage}, components(), report);
  auto made = make_plan(text, components(), {}, report);
  if (!made) std::abort();
  return std::move(*made);
}

stream in_batches(std::string text, std::size_t each, std::shared_ptr<block_pool> pool) {
  const auto of = std::make_shared<const shard>(shard{.name = "a", .identity = "a"});
  batch out(pool);
  position at;
  for (std::string_view left = text; !left.empty();) {
    out.reset(pool);
    out.open_run(of, at);
    for (std::size_t i = 0; i < each && !left.empty(); ++i) {
      const std::string_view line = left.substr(0, left.find('\n'));
      out.add(out.store().memory.copy(line), ++at.number, at.offset);
      const std::size_t used = std::min(left.size(), line.size() + 1);
      at.offset += used;
      left.remove_prefix(used);
    }
    out.advance(at);
    co_yield out;
  }
}

std::vector<std::string> read(const plan& p, const std::string& text, std::size_t each) {
  real_clock time;
  interrupt wake;
  const context with{.pool = std::make_shared<block_pool>(std::make_shared<budget>(64 << 20)),
                     .time = &time,
                     .wake = &wake};
  stream records = behind_stages(in_batches(text, each, with.pool), p.root, with, 1);
  std::vector<std::string> out;
  position at;
  while (const batch* b = records.next(pull{})) {
    for (const run& r : b->runs()) {
      if (r.from != at) std::abort();
      at = r.to;
    }
    for (const reject_entry& e : b->rejects()) {
      if (e.at > e.raw.size()) std::abort();
      out.push_back(std::to_string(e.number) + std::string{e.why});
    }
    for (const record& r : *b) {
      if (r.shape() == shape::text) {
        out.push_back(std::to_string(r.number()) + std::string{r.text()});
        continue;
      }
      std::string json;
      r.write(json);
      if (!check_json_object(json).ok()) std::abort();
      out.push_back(std::to_string(r.number()) + json);
    }
  }
  if (at.offset != text.size()) std::abort();
  std::ranges::sort(out);
  return out;
}

}  // namespace

/// The first byte picks the stage, the second the lines of a batch; the rest are lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const std::vector<plan> plans = [] {
    std::vector<plan> all;
    for (const std::string_view stage : pipelines) all.push_back(plan_of(stage));
    return all;
  }();
  const plan& p = plans[data[0] % plans.size()];
  const std::string text(reinterpret_cast<const char*>(data + 2), size - 2);
  if (read(p, text, SIZE_MAX) != read(p, text, data[1] % 5 + 1u)) std::abort();
  return 0;
}
