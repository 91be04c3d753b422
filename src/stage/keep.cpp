#include "record/json_edit.hpp"
#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"

namespace weir {
namespace {

struct keep_options {
  std::vector<clause> fields;
};

stage make_keep(const keep_options& options, reporter& report) {
  stage made;
  made.stateless = true;
  made.per_batch = [paths = read_fields(options.fields, report)](
                       const context&, const stage_id& id) -> batch_function {
    return [paths, editor = json_editor{}, &id](batch& b) mutable {
      b.apply(id, [&](record& r) {
        editor.keep(r, paths);
        return keep;
      });
    };
  };
  return made;
}

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
        return make_keep(options, report);
      });
}

}  // namespace weir
