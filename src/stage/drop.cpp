#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"

namespace weir {
namespace {

struct drop_options {
  std::vector<clause> fields;
};

}  // namespace

component drop_stage() {
  return declare<drop_options>(component::role::stage, "drop", "Take fields out of the records.")
      .describe(
          "A field that is not there is no error. Nested fields are named by their path, `a.b`; of "
          "duplicates all go.")
      .body(grammar::fields, "FIELD, ...", &drop_options::fields)
      .example("Leave out what is private", "from app.ndjson | json | drop client_ip, user_agent")
      .makes([](const drop_options& options, reporter& report) -> product {
        return edit_fields(options.fields, report, &json_editor::drop);
      });
}

}  // namespace weir
