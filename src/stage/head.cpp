#include "stage/head.hpp"

#include <utility>

namespace weir {
namespace {

struct head_options {
  std::uint64_t records = 10;
};

/// Whether records come ahead of the runs that cover them.
bool any_loose(const batch& b) {
  return !b.all().empty() && b.all().front().is_loose();
}

}  // namespace

// Behind a `sort`, nothing that came is accounted for before its runs come, at the end of what it
// holds.
stream first_records(stream in, std::uint64_t records, const stage_id* id) {
  bool to_the_end = false;
  while (records > 0 || to_the_end) {
    batch* const b = in.next(co_await request);
    if (b == nullptr) co_return;
    to_the_end = to_the_end || any_loose(*b);
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
