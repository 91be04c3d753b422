#include <algorithm>
#include <utility>

#include "expr/program.hpp"
#include "record/as_json.hpp"
#include "record/json_edit.hpp"
#include "stage/field_list.hpp"
#include "stage/field_stages.hpp"
#include "stage/mismatches.hpp"

namespace weir {
namespace {

struct set_options {
  std::vector<clause> assignments;
};

struct compiled_assignment {
  std::string name;
  expr::program value;
  /// `"name":json` if the value is constant, else empty.
  std::string constant = {};
  std::size_t json_at = 0;
};

/// Assignments that do not see each other, so that one pass over the record writes all of them.
using wave = std::vector<compiled_assignment>;

bool reads(const expr::program& p, std::string_view name) {
  return p.uses_usual_fields() || std::ranges::any_of(p.fields(), [&](const field_path& path) {
           return path.segments.front().name == name;
         });
}

bool is_independent(const compiled_assignment& next, const wave& of) {
  return std::ranges::none_of(of, [&](const compiled_assignment& earlier) {
    return earlier.name == next.name || reads(next.value, earlier.name);
  });
}

/// One lane's setter.
struct setter {
  std::vector<wave> waves;
  expr::scratch memory;
  const stage_id* id;
  shared_count mismatches;
  json_editor editor = {};
  std::vector<assignment> values = {};

  void operator()(batch& b) {
    b.apply(*id, [this](record& r) {
      if (!can_be_json(r)) return reject_as_not_utf8(r);
      for (const wave& w : waves) write(w, r);
      return keep;
    });
    hand_over(memory, mismatches);
  }

  void write(const wave& w, record& r) {
    memory.reset();
    values.clear();
    for (const compiled_assignment& a : w) {
      const value v = a.constant.empty() ? a.value.evaluate(r, memory) : value::null();
      values.push_back({a.name, v, {a.constant, a.json_at}});
    }
    editor.set(r, values);
  }
};

compiled_assignment compiled(std::string name, expr::program value) {
  compiled_assignment made{std::move(name), std::move(value)};
  if (const weir::value* const known = made.value.constant()) {
    made.json_at = render_member(made.name, *known, made.constant);
  }
  return made;
}

void add(compiled_assignment next, std::vector<wave>& waves) {
  if (waves.empty() || !is_independent(next, waves.back())) waves.emplace_back();
  waves.back().push_back(std::move(next));
}

stage make_set(const set_options& options, reporter& report) {
  std::vector<wave> waves;
  for (const clause& c : options.assignments) {
    std::string name = read_field_name(c.key, "set", report);
    auto value = expr::compile(c.text, report);
    if (value) add(compiled(std::move(name), *std::move(value)), waves);
  }
  stage made;
  made.stateless = true;
  made.gives_fields = true;
  made.type_mismatches = new_count();
  made.per_batch = [waves = std::move(waves), count = made.type_mismatches](
                       const context& with, const stage_id& id) -> batch_function {
    return setter{waves, expr::scratch{with.started_ns}, &id, count};
  };
  return made;
}

}  // namespace

component set_stage() {
  return declare<set_options>(component::role::stage, "set",
                              "Set fields to the values of expressions.")
      .describe(
          "A field that exists is replaced in place, a new one goes to the end; everything else "
          "stays "
          "byte for byte. Expressions see what stands to the left of them: in `set a = 1, b = a + "
          "1` b "
          "is 2. A missing value sets nothing, null writes null. A text record becomes JSON.")
      .body(grammar::assignments, "FIELD = EXPRESSION, ...", &set_options::assignments)
      .example("Say where the records come from",
               "from app.ndjson | json | set host = hostname(), file = @source")
      .example("Seconds instead of milliseconds",
               "from app.ndjson | json | set seconds = duration_ms / 1000 | drop duration_ms")
      .makes([](const set_options& options, reporter& report) -> product {
        return make_set(options, report);
      });
}

}  // namespace weir
