#pragma once
#include "expr/compare.hpp"
#include "expr/scratch.hpp"
#include "expr/tree.hpp"
#include "weir/record.hpp"

namespace weir::expr {

/// Computes nodes of one tree for one record. What it returns may view the record, the tree and the
/// scratch. Total: it throws nothing but std::bad_alloc. Cheap to make.
class evaluator {
 public:
  /// `r` may be null if only constants are computed.
  evaluator(const tree& t, const record* r, scratch& s) noexcept
      : tree_(t), record_(r), scratch_(s) {}

  value value_of(const node& n) const;
  truth test(const node& n) const;
  /// The same for an op::field_in_texts, its negation left out.
  truth field_in_texts(const node& n) const;

 private:
  const node& child(const node& n, std::size_t i) const noexcept { return tree_.child(n, i); }
  value operand(const node& n, std::size_t i) const { return value_of(child(n, i)); }
  value field(std::uint32_t path) const { return record_->get(tree_.paths[path]); }
  const value* text_or_count(const value& v) const noexcept;

  value special(const node& n) const;
  value choose(const node& n) const;
  value choose_by(const node& n) const;
  value call_of(const node& n) const;
  bool fit(value& argument, std::uint8_t wanted) const;

  truth either(const node& n) const;
  truth both(const node& n) const;
  truth membership(const node& n) const;
  truth between(const node& n) const;
  truth likeness(const node& n) const;
  truth match(const node& n) const;
  truth level(const node& n) const;
  truth unescaped_in_texts(const node& n) const;
  truth field_compare_integer(const node& n) const;
  truth truth_of(const value& v) const noexcept;

  const tree& tree_;
  const record* record_;
  scratch& scratch_;
};

}  // namespace weir::expr
