#include "expr/evaluate.hpp"

#include <array>

#include "base/time.hpp"
#include "expr/arithmetic.hpp"
#include "expr/functions.hpp"
#include "expr/like.hpp"
#include "expr/severity.hpp"
#include "record/json_find.hpp"
#include "record/record_time.hpp"

namespace weir::expr {
namespace {

value as_value(truth t) noexcept {
  return t == truth::unknown ? value::null() : value::of(t == truth::yes);
}

comparison comparison_of(const node& n) noexcept {
  return static_cast<comparison>(n.detail);
}

std::optional<std::int64_t> read_time(const value& v, scratch& s) {
  switch (v.type) {
    case kind::time:
      return v.integer;
    case kind::integer:
      return from_epoch(v.integer);
    case kind::real: {
      const auto exact = parse_epoch(v.text);
      return exact ? exact : from_epoch(v.real);
    }
    case kind::string:
      return parse_time(s.content(v));
    default:
      return std::nullopt;
  }
}

}  // namespace

// ---- Values ----

value evaluator::value_of(const node& n) const {
  switch (n.what) {
    case op::constant:
      return tree_.constant(n);
    case op::field:
      return field(n.item);
    case op::special:
      return special(n);
    case op::minus:
      return negative(operand(n, 0), scratch_);
    case op::add:
    case op::subtract:
    case op::multiply:
    case op::divide:
    case op::modulo:
      return calculate(n.what, operand(n, 0), operand(n, 1), scratch_);
    case op::choose:
      return choose(n);
    case op::choose_by:
      return choose_by(n);
    case op::call:
      return call_of(n);
    default:
      return as_value(test(n));
  }
}

value evaluator::special(const node& n) const {
  switch (static_cast<special_field>(n.item)) {
    case special_field::level: {
      const auto found = level_of(*record_);
      return found ? value::of(name_of(*found)) : value{};
    }
    case special_field::time: {
      const auto found = time_of(*record_);
      return found ? value::at_nanoseconds(*found) : value{};
    }
    case special_field::source:
      return value::of(std::string_view{record_->source().name});
    case special_field::record:
      return value::of(static_cast<std::int64_t>(record_->number()));
  }
  return {};
}

value evaluator::choose(const node& n) const {
  for (std::size_t i = 0; i + 1 < n.child_count; i += 2) {
    if (test(child(n, i)) == truth::yes) return operand(n, i + 1);
  }
  return n.child_count % 2 == 1 ? operand(n, n.child_count - 1u) : value::null();
}

value evaluator::choose_by(const node& n) const {
  const value wanted = operand(n, 0);
  for (std::size_t i = 1; i + 1 < n.child_count; i += 2) {
    if (compare(wanted, operand(n, i), scratch_) == 0) return operand(n, i + 1);
  }
  return n.child_count % 2 == 0 ? operand(n, n.child_count - 1u) : value::null();
}

value evaluator::call_of(const node& n) const {
  const function& f = functions()[n.item];
  std::array<value, max_arguments> arguments;
  for (std::size_t i = 0; i < n.child_count; ++i) {
    arguments[i] = operand(n, i);
    if (f.sees_null && arguments[i].is_null()) continue;
    if (arguments[i].is_null() || !fit(arguments[i], static_cast<std::uint8_t>(f.at(i))))
      return value::null();
  }
  const RE2* const pattern = n.pattern == none ? nullptr : tree_.patterns[n.pattern].get();
  const std::int64_t near_ns = record_ == nullptr ? 0 : record_->source().modified_ns;
  return f.run({std::span{arguments}.first(n.child_count), pattern, scratch_, near_ns});
}

/// Makes an argument that is not null what the function wants. False, and counted, if it cannot be.
bool evaluator::fit(value& v, std::uint8_t wanted) const {
  bool good = true;
  switch (static_cast<parameter>(wanted)) {
    case parameter::any:
      break;
    case parameter::boolean:
      good = v.type == kind::boolean;
      break;
    case parameter::integer:
      good = v.type == kind::integer;
      break;
    case parameter::number:
      good = v.is_number();
      break;
    case parameter::text:
    case parameter::pattern:
    case parameter::constant:
      good = v.type == kind::string;
      break;
    case parameter::time: {
      const auto ns = read_time(v, scratch_);
      good = ns.has_value();
      if (good) v = value::at_nanoseconds(*ns);
      break;
    }
  }
  if (!good) ++scratch_.type_mismatches;
  if (v.type == kind::string && v.escaped) v = value::of(scratch_.content(v));
  return good;
}

// ---- Truths ----

truth evaluator::test(const node& n) const {
  switch (n.what) {
    case op::either:
      return either(n);
    case op::both:
      return both(n);
    case op::negation:
      return negate(test(child(n, 0)));
    case op::compare:
      return holds(comparison_of(n), compare(operand(n, 0), operand(n, 1), scratch_));
    case op::in:
      return negate_if(n.negated, membership(n));
    case op::like:
      return negate_if(n.negated, likeness(n));
    case op::between:
      return negate_if(n.negated, between(n));
    case op::match:
      return negate_if(n.negated, match(n));
    case op::is_null:
      return negate_if(n.negated, of(operand(n, 0).is_null()));
    case op::is_missing:
      return negate_if(n.negated, of(operand(n, 0).type == kind::missing));
    case op::is_true:
      return negate_if(n.negated, of(test(child(n, 0)) == truth::yes));
    case op::is_false:
      return negate_if(n.negated, of(test(child(n, 0)) == truth::no));
    case op::level:
      return level(n);
    case op::field_in_texts:
      return negate_if(n.negated, field_in_texts(n));
    case op::field_compare_integer:
      return field_compare_integer(n);
    default:
      return truth_of(value_of(n));
  }
}

truth evaluator::truth_of(const value& v) const noexcept {
  if (v.type == kind::boolean) return of(v.boolean);
  if (!v.is_null()) ++scratch_.type_mismatches;
  return truth::unknown;
}

truth evaluator::either(const node& n) const {
  truth result = truth::no;
  for (const std::uint32_t c : tree_.children(n)) {
    result = std::max(result, test(tree_.nodes[c]));
    if (result == truth::yes) break;
  }
  return result;
}

truth evaluator::both(const node& n) const {
  truth result = truth::yes;
  for (const std::uint32_t c : tree_.children(n)) {
    result = std::min(result, test(tree_.nodes[c]));
    if (result == truth::no) break;
  }
  return result;
}

truth evaluator::membership(const node& n) const {
  const value wanted = operand(n, 0);
  truth result = truth::no;
  for (std::size_t i = 1; i < n.child_count && result != truth::yes; ++i) {
    result = std::max(result, holds(comparison::equal, compare(wanted, operand(n, i), scratch_)));
  }
  return result;
}

truth evaluator::between(const node& n) const {
  const value v = operand(n, 0);
  const truth from = holds(comparison::greater_equal, compare(v, operand(n, 1), scratch_));
  if (from == truth::no) return truth::no;
  return std::min(from, holds(comparison::less_equal, compare(v, operand(n, 2), scratch_)));
}

const value* evaluator::text_or_count(const value& v) const noexcept {
  if (v.type == kind::string) return &v;
  if (!v.is_null()) ++scratch_.type_mismatches;
  return nullptr;
}

truth evaluator::likeness(const node& n) const {
  const value text = operand(n, 0);
  const value pattern = operand(n, 1);
  if (!text_or_count(text) || !text_or_count(pattern)) return truth::unknown;
  const char escape = n.child_count == 3 ? tree_.constant(child(n, 2)).text[0] : '\0';
  return of(like(scratch_.content(text), scratch_.content(pattern), escape));
}

truth evaluator::match(const node& n) const {
  const value text = operand(n, 0);
  if (!text_or_count(text)) return truth::unknown;
  return of(RE2::PartialMatch(scratch_.content(text), *tree_.patterns[n.item]));
}

truth evaluator::level(const node& n) const {
  const auto found = level_of(*record_);
  if (!found) return truth::unknown;
  return holds(comparison_of(n), *found <=> static_cast<severity>(n.item));
}

// A string without escapes, as nearly all are, is compared where it lies. Escapes only lengthen it.
truth evaluator::field_in_texts(const node& n) const {
  if (record_->shape() != shape::json) return unescaped_in_texts(n);
  const text_set& wanted = tree_.sets[n.pattern];
  const std::string_view json = find_json(*record_, tree_.paths[n.item]);
  if (json.size() < 2 || json.front() != '"') return unescaped_in_texts(n);
  const std::string_view content = json.substr(1, json.size() - 2);
  const bool same = wanted.contains(content);
  if (!same && content.size() <= wanted.shortest()) return truth::no;
  return content.find('\\') == content.npos ? of(same) : unescaped_in_texts(n);
}

truth evaluator::unescaped_in_texts(const node& n) const {
  const value v = field(n.item);
  if (!text_or_count(v)) return truth::unknown;
  return of(tree_.sets[n.pattern].contains(scratch_.content(v)));
}

truth evaluator::field_compare_integer(const node& n) const {
  const value v = field(n.item);
  const value& wanted = tree_.constants[n.pattern];
  if (v.type == kind::integer) [[likely]] {
    return holds(comparison_of(n), v.integer <=> wanted.integer);
  }
  return holds(comparison_of(n), compare(v, wanted, scratch_));
}

}  // namespace weir::expr
