#pragma once
#include <re2/re2.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/text_set.hpp"
#include "weir/diagnostic.hpp"
#include "weir/value.hpp"

namespace weir::expr {

/// What a node computes. `children` below are its operands in order.
enum class op : std::uint8_t {
  constant,  ///< item: in constants
  field,     ///< item: in paths; detail: 1 for a bare word
  special,   ///< item: a `special_field`
  either,    ///< or of all children
  both,      ///< and of all children
  negation,  ///< not
  compare,   ///< detail: a `comparison`
  in,        ///< first child in the others
  like,      ///< text, pattern[, escape]
  between,   ///< value, low, high
  is_null,
  is_missing,
  is_true,
  is_false,
  match,  ///< text ~ item: in patterns
  minus,  ///< unary
  add,
  subtract,
  multiply,
  divide,
  modulo,
  choose,     ///< case when: condition, result, ..., [else]
  choose_by,  ///< case x: x, then value, result, ..., [else]
  call,       ///< item: in the table of functions; pattern: in patterns or none
  level,      ///< the record's severity compared (detail: a `comparison`) with item: a severity
  // Special cases of the above, for the hot path.
  field_in_texts,         ///< item: in paths, pattern: in sets
  field_compare_integer,  ///< item: in paths, pattern: in constants, detail: a `comparison`
};

enum class comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// The virtual fields, which no input field can hide.
enum class special_field : std::uint8_t { level, time, source, record };
inline constexpr std::array<std::string_view, 4> special_field_names{"@level", "@time", "@source",
                                                                     "@record"};

/// What is known of a value's type before it is computed.
enum class static_type : std::uint8_t { any, null, boolean, number, text, time, other };

inline constexpr std::uint32_t none = UINT32_MAX;

struct node {
  op what = op::constant;
  std::uint8_t detail = 0;
  bool negated = false;  ///< `not in`, `is not null`, `!~`
  static_type type = static_type::any;
  std::uint16_t depth = 1;  ///< levels below and including this one
  std::uint32_t item = none;
  std::uint32_t pattern = none;
  std::uint32_t first_child = 0;  ///< in links
  std::uint32_t child_count = 0;
  text_span where;
};

/// An expression: its nodes and what they refer to. Built by the parser, rewritten by `simplify`,
/// then never changed again; safe to read from many threads.
struct tree {
  std::vector<node> nodes;
  std::vector<std::uint32_t> links;
  std::vector<value> constants;
  std::deque<std::string> texts;  ///< what constants view
  std::vector<field_path> paths;
  std::vector<std::unique_ptr<RE2>> patterns;
  std::vector<text_set> sets;
  std::uint32_t root = none;

  std::span<const std::uint32_t> children(const node& n) const noexcept {
    return {links.data() + n.first_child, n.child_count};
  }
  const node& child(const node& n, std::size_t i) const noexcept { return nodes[children(n)[i]]; }
  bool is_constant(const node& n) const noexcept { return n.what == op::constant; }
  const value& constant(const node& n) const noexcept { return constants[n.item]; }
  /// The constant text that `n` is, or nullptr.
  const value* text_constant(const node& n) const noexcept {
    return is_constant(n) && constant(n).type == kind::string ? &constant(n) : nullptr;
  }
  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
  std::uint32_t add_constant(value v) {
    constants.push_back(v);
    return static_cast<std::uint32_t>(constants.size() - 1);
  }
};

static_type type_of(const value& v) noexcept;
std::string_view name_of(static_type t) noexcept;

}  // namespace weir::expr
