#include "base/nearest.hpp"
#include "expr/descent.hpp"
#include "expr/severity.hpp"

namespace weir::expr {
namespace {

/// `a < b` as `b > a`.
comparison mirrored(comparison c) noexcept {
  switch (c) {
    case comparison::less:
      return comparison::greater;
    case comparison::less_equal:
      return comparison::greater_equal;
    case comparison::greater:
      return comparison::less;
    case comparison::greater_equal:
      return comparison::less_equal;
    default:
      return c;
  }
}

bool is_ordering(comparison c) noexcept {
  return c != comparison::equal && c != comparison::not_equal;
}

}  // namespace

bool descent::is_level(node_id id) const noexcept {
  const node& n = tree_->nodes[id];
  if (n.what == op::special) return n.item == static_cast<std::uint32_t>(special_field::level);
  return bare_word(id) == "level";
}

std::string_view descent::bare_word(node_id id) const noexcept {
  const node& n = tree_->nodes[id];
  if (n.what != op::field || n.detail == 0) return {};
  return tree_->paths[n.item].segments[0].name;
}

node_id descent::level_comparison(node_id left, comparison means, node_id right) {
  if (is_level(right) && !is_level(left)) {
    std::swap(left, right);
    means = mirrored(means);
  }
  if (!is_level(left)) {
    warn_of_other_name(left, right);
    return none;
  }
  const std::string_view word = bare_word(right);
  const auto rank = word.empty() ? std::nullopt : parse_severity(word);
  if (!rank) {
    if (is_ordering(means)) warn_of_order(right, word);
    return none;
  }
  if (!is_ordering(means)) {
    report_.warn("`" + std::string{word} + "` is a field here", where(right),
                 "quote it to compare the text, or use `level >= " + std::string{word} + "`");
    return none;
  }
  return add({.what = op::level,
              .detail = static_cast<std::uint8_t>(means),
              .item = static_cast<std::uint32_t>(*rank),
              .where = cover(where(left), where(right))});
}

void descent::warn_of_order(node_id right, std::string_view word) {
  if (!word.empty()) {
    const auto meant = nearest(word, severity_names());
    report_.warn("`" + std::string{word} + "` is no severity, so it is read as a field",
                 where(right),
                 meant ? "did you mean `" + *meant + "`?"
                       : "severities are trace, debug, info, notice, warn, error, critical, "
                         "alert, emergency");
    return;
  }
  const value* const text = tree_->text_constant(tree_->nodes[right]);
  if (!text || !parse_severity(text->text)) return;
  report_.warn("this compares letters, not severities", where(right),
               "write `" + std::string{name_of(*parse_severity(text->text))} + "` without quotes");
}

void descent::warn_of_other_name(node_id left, node_id right) {
  const std::string name{bare_word(left)};
  const std::string word{bare_word(right)};
  if (!is_level_field(name) || !parse_severity(word)) return;
  report_.warn("`" + word + "` is a field here", where(right),
               "severities are compared with `level`, which finds `" + name +
                   "` too: `level >= " + word + "`");
}

void descent::forget_severity(node_id id) {
  if (bare_word(id).empty() || is_level(id)) return;
  tree_->nodes[id] = {
      .what = op::constant, .item = tree_->add_constant(value::null()), .where = where(id)};
}

}  // namespace weir::expr
