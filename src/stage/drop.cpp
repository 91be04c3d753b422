#include "record/json_edit.hpp"
#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"

namespace weir {
namespace {

struct drop_options {
  std::vector<clause> fields;
};

stage make_drop(const drop_options& options, reporter& report) {
  stage made;
  made.stateless = true;
  made.per_batch = [paths = read_fields(options.fields, report)](
                       const context&, const stage_id& id) -> batch_function {
    return [paths, editor = json_editor{}, &id](batch& b) mutable {
      b.apply(id, [&](record& r) {
        editor.drop(r, paths);
        return keep;
      });
    };
  };
  return made;
}

}  // namespace

component drop_stage() {
  return declare<drop_options>(component::role::stage, "drop", "Take fields out of the records.")
      .describe(
          "A field that is not there is no error. Nested fields are named by their path, `a.b`; of "
          "duplicates all go.")
      .body(grammar::fields, "FIELD, ...", &drop_options::fields)
      .example("Leave out what is private", "from app.ndjson | json | drop client_ip, user_agent")
      .makes([](const drop_options& options, reporter& report) -> product {
        return make_drop(options, report);
      });
}

}  // namespace weir
