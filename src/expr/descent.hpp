#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "expr/token_reader.hpp"
#include "expr/tree.hpp"

namespace weir::expr {

struct function;

using node_id = std::uint32_t;  ///< the place of a node in its tree
using nodes = std::vector<node_id>;

inline text_span cover(text_span a, text_span b) noexcept {
  return {a.offset, std::max(a.offset + a.length, b.offset + b.length) - a.offset};
}

/// The recursive descent behind `parse`: one function a level of precedence, in order of it.
/// parse_comparison.cpp, parse_name.cpp and parse_severity.cpp have the parts of their name.
class descent : token_reader {
 public:
  descent(const located_text& source, reporter& report) : token_reader(source, report) {}

  std::unique_ptr<tree> run();

 private:
  // Nodes.
  node_id add(node n, const nodes& children = {});
  node_id add_constant(value v, text_span where) {
    return add({.what = op::constant, .item = tree_->add_constant(v), .where = where});
  }
  node_id add_text(std::string text, text_span where) {
    return add_constant(value::of(tree_->keep(std::move(text))), where);
  }
  node_id nothing() { return add_constant(value::null(), peek().where); }
  text_span where(node_id id) const noexcept { return tree_->nodes[id].where; }
  text_span since(text_span start) const noexcept { return cover(start, last_span()); }
  std::uint32_t path_index(field_path path);

  // Levels of precedence.
  node_id expression();
  /// `one joiner one joiner ...` as one node, so that long chains stay flat.
  template <class One, class Joiner>
  node_id chain(op what, One one, Joiner joiner) {
    nodes parts{one()};
    while (!broken_ && joiner()) parts.push_back(one());
    if (parts.size() == 1) return parts[0];
    return add({.what = what, .where = cover(where(parts.front()), where(parts.back()))}, parts);
  }
  bool take_or();
  bool take_and();
  node_id disjunction();
  node_id conjunction();
  node_id inversion();
  node_id comparison_of();
  node_id additive();
  node_id multiplicative();
  node_id unary();
  node_id primary();

  // Comparisons, with their left side read already.
  /// The one that begins here, or none.
  node_id one_comparison(node_id left);
  node_id sign_comparison(node_id left, comparison means);
  node_id match(node_id left);
  node_id membership(node_id left, bool negated);
  node_id like(node_id left, bool negated);
  node_id between(node_id left, bool negated);
  node_id is_test(node_id left);

  // Severities.
  bool is_level(node_id id) const noexcept;
  std::string_view bare_word(node_id id) const noexcept;
  /// `level >= warn` compares severities; none if this is something else.
  node_id level_comparison(node_id left, comparison means, node_id right);
  void warn_of_order(node_id right, std::string_view word);
  /// `lvl >= warn` compares two fields, though `lvl` is where a level may stand.
  void warn_of_other_name(node_id left, node_id right);
  /// The word that was a severity names no field.
  void forget_severity(node_id id);

  // Arithmetic and what it is made of.
  /// `time + 2h` is time_add(time, "2h").
  node_id shifted(node_id time, bool back);
  node_id binary(op what, node_id left, node_id right);
  node_id number(std::string digits, text_span where);
  node_id parenthesised();
  node_id named_primary(const token& t);
  node_id choice(const token& start);
  /// Elements up to the closing parenthesis, which is read too.
  void list(nodes& out);

  // Names: functions and fields.
  node_id function_call();
  void unknown_function(const token& name);
  void count_arguments(const function& f, std::size_t count, text_span where);
  std::uint32_t pattern(node_id id);
  node_id path();
  bool member(field_path& path);
  bool element(field_path& path);
  node_id special(const token& name);

  std::unique_ptr<tree> tree_ = std::make_unique<tree>();
  std::size_t level_ = 0;
};

}  // namespace weir::expr
