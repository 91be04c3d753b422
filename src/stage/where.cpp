#include "expr/program.hpp"
#include "stage/field_stages.hpp"
#include "stage/mismatches.hpp"

namespace weir {
namespace {

struct where_options {
  std::vector<clause> condition;
};

/// One lane's filter.
struct filter {
  expr::program condition;
  expr::scratch memory;
  const stage_id* id;
  shared_count mismatches;

  void operator()(batch& b) {
    b.apply(*id, [this](record& r) {
      return condition.test(r, memory) == expr::truth::yes ? keep : drop;
    });
    hand_over(memory, mismatches);
  }
};

stage make_where(const where_options& options, reporter& report) {
  const located_text& text = options.condition.front().text;
  const auto condition = expr::compile_condition(text, report);
  if (!condition) return {};
  stage made;
  made.condition = expr::fields_of(*condition, text.where);
  made.stateless = true;
  made.type_mismatches = new_count();
  made.per_batch = [condition = *condition, count = made.type_mismatches](
                       const context& with, const stage_id& id) -> batch_function {
    return filter{condition, expr::scratch{with.started_ns}, &id, count};
  };
  return made;
}

}  // namespace

component where_stage() {
  return declare<where_options>(component::role::stage, "where",
                                "Keep the records for which a condition is true.")
      .describe(
          "Records for which it is false or unknown are filtered: a comparison with a field that "
          "is "
          "missing or null is unknown, and so is one of values of different types. `is missing` "
          "and "
          "`is null` ask for those.\n\n"
          "`level >= warn`, with a bare severity, compares the severity that the record has under "
          "any of the usual names and spellings; `level = \"WARN\"` compares the field as it "
          "stands.")
      .body(grammar::expression, "CONDITION", &where_options::condition)
      .example("Warnings and worse, however they are spelled",
               "from app.ndjson | json | where level >= warn")
      .example("Slow or failed requests",
               "from app.ndjson | json | where status >= 500 or duration_ms > 1000")
      .makes([](const where_options& options, reporter& report) -> product {
        return make_where(options, report);
      });
}

}  // namespace weir
