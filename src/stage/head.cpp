#include "stage/head.hpp"

#include <utility>

namespace weir {
namespace {

struct head_options {
  std::uint64_t records = 10;
};

}  // namespace

stream first_records(stream in, std::uint64_t records, const stage_id* id) {
  while (records > 0) {
    batch* const b = in.next(co_await request);
    if (b == nullptr) co_return;
    b->apply(*id, [&records](record&) { return records > 0 ? (--records, keep) : drop; });
    co_yield *b;
  }
}

component head() {
  return declare<head_options>(component::role::stage, "head",
                               "Ends the pipeline after the first records.")
      .describe(
          "Nothing more is read than needed. Records of the same batch behind the cut count as\n"
          "filtered by `head`; what was never read is not counted at all.")
      .option("records", &head_options::records, "How many records to let through.", positional)
      .example("The first three errors",
               R"(from app.ndjson | json | where level = "ERROR" | head 3)")
      .makes([](const head_options& o, reporter&) -> product {
        return stage{.per_batch = {},
                     .whole =
                         [o](stream in, const context&, const stage_id& id) {
                           return first_records(std::move(in), o.records, &id);
                         },
                     .makes_end = true};
      });
}

}  // namespace weir
