#include "stage/boundary.hpp"

#include <utility>

#include "base/boundary.hpp"

namespace weir {

namespace {

struct buffer_options {
  std::uint64_t batches = 4;
};

}  // namespace

component buffer_stage() {
  return declare<buffer_options>(component::role::stage, "buffer",
                                 "Runs everything before it on a thread of its own.")
      .describe(
          "Puts a bounded queue between what is before it and what is behind it: a slow sink then "
          "does\n"
          "not keep the source from reading ahead, and a full queue stops it. Lanes are chosen by "
          "the\n"
          "command itself; a buffer is for pipelines whose sink or last stages are slow.")
      .option("batches", &buffer_options::batches, "How many batches it may be ahead.", positional)
      .example("Read ahead of a slow disk", "from app.ndjson | json | buffer 8 | to out.ndjson")
      .makes([](const buffer_options& o, reporter& report) -> product {
        if (o.batches == 0)
          report.error("a buffer of 0 batches never passes one", {}, "use `buffer 1`");
        return stage{
            .per_batch = {},
            .whole = [o](stream in, const context& with,
                         const stage_id&) { return buffered(std::move(in), o.batches, &with); },
            .needs_thread = true,
            .holds_min_bytes = block_bytes,
            .holds_max_bytes = o.batches * 2 * block_bytes};
      });
}

stream buffered(stream in, std::size_t batches, const context* with, int yields) {
  boundary<batch> ahead(std::move(in), batches, *with, yields);
  batch out(with->pool);
  for (;;) {
    const received got = ahead.receive(out, co_await request);
    if (got == received::end) co_return;
    if (got == received::timeout) out.reset(with->pool);
    co_yield out;
  }
}

}  // namespace weir
