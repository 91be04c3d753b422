#include "engine/secret_places.hpp"

#include <algorithm>

#include "engine/lookup.hpp"

namespace weir {
namespace {

using role = component::role;

bool may_be_secret(const std::vector<option_spec>& specs, const std::string& name) {
  const auto spec = std::ranges::find(specs, name, &option_spec::name);
  if (spec != specs.end()) return spec->type == "secret";
  return std::ranges::find(specs, "secret", &option_spec::type) != specs.end();
}

class search {
 public:
  explicit search(const std::vector<component>& table) : table_(table) {}

  void look_into(const step_text& step, role is) {
    if (const component* const what = find_component(table_, is, step.name.text)) {
      for (const argument& a : step.arguments)
        if (!a.name.text.empty() && may_be_secret(what->options, a.name.text))
          found_.push_back(a.value.where);
    }
    for (const branch_text& b : step.branches) look_into(b.steps, b.sink);
  }

  void look_into(const std::vector<step_text>& steps, const std::optional<step_text>& sink) {
    for (const step_text& step : steps) look_into(step, role::stage);
    if (sink) look_into(*sink, role::sink);
  }

  std::vector<text_span> found() && { return std::move(found_); }

 private:
  const std::vector<component>& table_;
  std::vector<text_span> found_;
};

}  // namespace

std::vector<text_span> secret_places(const pipeline_text& in, const std::vector<component>& table) {
  search all{table};
  if (in.source) all.look_into(*in.source, role::source);
  all.look_into(in.steps, in.sink);
  return std::move(all).found();
}

}  // namespace weir
