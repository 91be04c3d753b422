#include "engine/secret_places.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

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

std::set<std::string> secret_names(const std::vector<component>& table) {
  std::set<std::string> names;
  for (const component& c : table) {
    for (const option_spec& o : c.options)
      if (o.type == "secret") names.insert(o.name);
  }
  return names;
}

/// Where the value begins behind a name that ends at `at`; nothing if it is no option's there, or
/// a reference, which says only where the secret is.
std::optional<std::size_t> value_behind(std::string_view text, std::size_t at) {
  const std::size_t sign = text.find_first_not_of(" \"'", at);
  if (sign == text.npos || (text[sign] != '=' && text[sign] != ':')) return std::nullopt;
  const std::size_t first = std::min(text.find_first_not_of(" \"'", sign + 1), text.size());
  if (text.substr(first).starts_with("${")) return std::nullopt;
  return first;
}

/// What may be the value of a secret option, be it only half written.
void add_possible(std::string_view text, const std::vector<component>& table,
                  std::vector<text_span>& to) {
  for (const std::string& name : secret_names(table)) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
      const auto first = value_behind(text, at + name.size());
      if (first) to.push_back({*first, std::min(text.find('\n', *first), text.size()) - *first});
    }
  }
}

}  // namespace

std::vector<text_span> secret_places(const pipeline_text& in, const std::vector<component>& table,
                                     bool well_formed) {
  search all{table};
  if (in.source) all.look_into(*in.source, role::source);
  all.look_into(in.steps, in.sink);
  std::vector<text_span> found = std::move(all).found();
  if (!well_formed) add_possible(in.text, table, found);
  return found;
}

}  // namespace weir
