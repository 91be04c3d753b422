#include <algorithm>
#include <array>
#include <charconv>

#include "base/nearest.hpp"
#include "expr/descent.hpp"
#include "expr/functions.hpp"
#include "expr/pattern.hpp"

namespace weir::expr {

node_id descent::function_call() {
  const token name = next();
  next();
  nodes arguments;
  list(arguments);
  const function* const f = find_function(name.text);
  if (!f) {
    unknown_function(name);
    return nothing();
  }
  if (broken_) return nothing();
  count_arguments(*f, arguments.size(), since(name.where));
  node n{.what = op::call, .where = since(name.where)};
  n.item = index_of(*f);
  for (std::size_t i = 0; i < arguments.size() && i < f->max_arguments; ++i) {
    if (f->at(i) == parameter::pattern) n.pattern = pattern(arguments[i]);
  }
  return add(n, arguments);
}

void descent::unknown_function(const token& name) {
  std::vector<std::string> names;
  for (const function& f : functions()) names.emplace_back(f.name);
  const auto meant = nearest(name.text, names);
  if (broken_) return;
  report_.error("unknown function `" + name.text + "`", name.where,
                meant ? "did you mean `" + *meant + "`?" : std::string{});
}

void descent::count_arguments(const function& f, std::size_t count, text_span where) {
  if (count >= f.min_arguments && count <= f.max_arguments) return;
  report_.error(
      "wrong number of arguments for `" + std::string{f.name} + "`: " + std::to_string(count),
      where, "it is " + std::string{f.signature});
}

std::uint32_t descent::pattern(node_id id) {
  return add_pattern(*tree_, tree_->nodes[id], report_);
}

node_id descent::path() {
  const token first = peek();
  field_path path;
  if (!member(path)) return nothing();
  for (;;) {
    if (take_sign(".")) {
      if (!member(path)) return nothing();
    } else if (at_sign("[")) {
      if (!element(path)) return nothing();
    } else {
      break;
    }
  }
  const text_span all = since(first.where);
  const bool bare = path.segments.size() == 1 && first.type == token::kind::name;
  if (bare && first.text.starts_with('@')) {
    if (const node_id id = special(first); id != none) return id;
  }
  return add(
      {.what = op::field, .detail = bare, .item = path_index(std::move(path)), .where = all});
}

bool descent::member(field_path& path) {
  const token::kind k = peek().type;
  if (k != token::kind::name && k != token::kind::quoted_name) {
    unexpected("a field name");
    return false;
  }
  path.segments.push_back({next().text, -1});
  return true;
}

bool descent::element(field_path& path) {
  next();
  const token t = peek();
  std::int64_t index = -1;
  const char* const end = t.text.data() + t.text.size();
  const bool whole =
      t.type == token::kind::number && std::from_chars(t.text.data(), end, index).ptr == end;
  if (!whole) {
    unexpected("the number of an element, from 0");
    return false;
  }
  next();
  path.segments.push_back({{}, index});
  return expect_sign("]");
}

node_id descent::special(const token& name) {
  const auto found = std::ranges::find(special_field_names, std::string_view{name.text});
  if (found == special_field_names.end()) return none;
  return add({.what = op::special,
              .item = static_cast<std::uint32_t>(found - special_field_names.begin()),
              .where = name.where});
}

std::uint32_t descent::path_index(field_path path) {
  auto& paths = tree_->paths;
  const auto at = static_cast<std::uint32_t>(std::ranges::find(paths, path) - paths.begin());
  if (at == paths.size()) paths.push_back(std::move(path));
  return at;
}

}  // namespace weir::expr
