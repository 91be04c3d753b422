#include "record/as_json.hpp"
#include "record/json_edit.hpp"
#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"

namespace weir {
namespace {

struct rename_options {
  std::vector<clause> names;
};

std::vector<renaming> read_names(const rename_options& options, reporter& report) {
  std::vector<renaming> names;
  for (const clause& c : options.names) {
    names.push_back(
        {read_field_name(c.key, "rename", report), read_field_name(c.text, "rename", report)});
  }
  return names;
}

stage make_rename(const rename_options& options, reporter& report) {
  stage made;
  made.stateless = true;
  made.gives_fields = true;
  made.per_batch = [names = read_names(options, report)](const context&,
                                                         const stage_id& id) -> batch_function {
    return [names, editor = json_editor{}, &id](batch& b) mutable {
      b.apply(id, [&](record& r) {
        if (!can_be_json(r)) return reject_as_not_utf8(r);
        editor.rename(r, names);
        return keep;
      });
    };
  };
  return made;
}

}  // namespace

component rename_stage() {
  return declare<rename_options>(component::role::stage, "rename", "Give fields other names.")
      .describe(
          "A field keeps its place and its value. All names change at once, so that two fields may "
          "swap. A field whose name is taken goes; a field that is not there is no error.")
      .body(grammar::renames, "OLD as NEW, ...", &rename_options::names)
      .example("The names of another system",
               "from app.ndjson | json | rename level as severity, msg as message")
      .makes([](const rename_options& options, reporter& report) -> product {
        return make_rename(options, report);
      });
}

}  // namespace weir
