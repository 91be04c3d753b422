#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"

namespace weir {
namespace {

struct keep_options {
  std::vector<clause> fields;
};

}  // namespace

component keep_stage() {
  return declare<keep_options>(component::role::stage, "keep",
                               "Take out everything but some fields.")
      .describe(
          "The fields stay in the order of the record. Nested ones are named by their path: `keep "
          "a.b` leaves of `a` only `b`.")
      .body(grammar::fields, "FIELD, ...", &keep_options::fields)
      .example("Only what a report needs", "from app.ndjson | json | keep time, status, path")
      .makes([](const keep_options& options, reporter& report) -> product {
        return edit_fields(options.fields, report, &json_editor::keep);
      });
}

}  // namespace weir
