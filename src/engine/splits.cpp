#include "engine/splits.hpp"

namespace weir {
namespace {

struct split_options {
  std::vector<clause> none;
};

stage no_stage(const split_options&, reporter&) {
  return {};
}

}  // namespace

component tee() {
  return declare<split_options>(component::role::stage, "tee",
                                "Gives every record to each of its branches.")
      .describe(
          "Ends a pipeline. A branch is steps in brackets that end with a sink of their own; what "
          "one "
          "branch changes, the others do not see.")
      .body(grammar::branches, "(... | to A) (... | to B)", &split_options::none)
      .example("Errors to a file, everything to the screen",
               "from app.ndjson | json | tee (where level = \"ERROR\" | to errors.ndjson) (to -)")
      .makes(no_stage);
}

component route() {
  return declare<split_options>(component::role::stage, "route",
                                "Gives every record to the first branch whose condition holds.")
      .describe(
          "Ends a pipeline. Each branch begins with `when` and a condition, the last one with "
          "`else`; "
          "each ends with a sink of its own.")
      .body(grammar::branches, "(when EXPR | ... | to A) (else | ... | to B)", &split_options::none)
      .example("Split by severity",
               "from app.ndjson | json | route (when level = \"ERROR\" | to errors.ndjson) (else | "
               "to -)")
      .makes(no_stage);
}

}  // namespace weir
