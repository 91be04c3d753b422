#include "expr/compare.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "expr/like.hpp"

namespace weir::expr {
namespace {

value decimal(const std::string& text) {
  value v;
  v.type = kind::decimal;
  v.text = text;
  return v;
}

// long double has 64 bits of mantissa here, so it holds every int64 and every double exactly.
RC_GTEST_PROP(compare_numbers, integer_and_float_agree_with_exact_arithmetic,
              (std::int64_t i, std::int64_t near, std::int8_t step)) {
  static_assert(std::numeric_limits<long double>::digits == 64);
  const double d = std::nextafter(static_cast<double>(near), step > 0 ? 1e300 : -1e300);
  for (const double candidate : {d, static_cast<double>(i), static_cast<double>(i) + step}) {
    const auto expected = static_cast<long double>(i) <=> static_cast<long double>(candidate);
    RC_ASSERT(compare_numbers(value::of(i), value::of(candidate)) == expected);
    RC_ASSERT(compare_numbers(value::of(candidate), value::of(i)) == 0 <=> expected);
  }
}

RC_GTEST_PROP(compare_numbers, decimals_agree_with_integers, (std::int64_t a, std::int64_t b)) {
  const std::string a_text = std::to_string(a);
  const std::string b_text = std::to_string(b) + "000e-3";
  RC_ASSERT(compare_numbers(decimal(a_text), decimal(b_text)) == (a <=> b));
  RC_ASSERT(compare_numbers(decimal(a_text), value::of(b)) == (a <=> b));
  RC_ASSERT(compare_numbers(value::of(a), decimal(b_text)) == (a <=> b));
}

TEST(compare_numbers, decimals_of_any_spelling) {
  const auto order = [](const std::string& a, const std::string& b) {
    return compare_numbers(decimal(a), decimal(b));
  };
  EXPECT_TRUE(order("1e999", "10e998") == 0);
  EXPECT_TRUE(order("0e999", "-0.000") == 0);
  EXPECT_TRUE(order("1e-999", "0") > 0);
  EXPECT_TRUE(order("-1e999", "-1e998") < 0);
  EXPECT_TRUE(order("1e99999999999999999999", "1e99999") > 0);
  EXPECT_TRUE(order("0.00123", "1.23e-3") == 0);
  EXPECT_TRUE(order("123456789012345678901", "123456789012345678900.9") > 0);
}

TEST(compare_numbers, a_float_and_a_decimal_compare_by_the_float_s_exact_value) {
  // 0.1 as a double is 0.1000000000000000055511151231257827...
  EXPECT_TRUE(compare_numbers(value::of(0.1), decimal("0.1")) > 0);
  EXPECT_TRUE(compare_numbers(value::of(0.1), decimal("0.1000000000000000055511151231257827")) > 0);
  EXPECT_TRUE(compare_numbers(value::of(0.1), decimal("0.1000000000000000055511151231257828")) < 0);
  EXPECT_TRUE(compare_numbers(value::of(5e-324), decimal("1e-999")) > 0);
  EXPECT_TRUE(compare_numbers(value::of(1.7976931348623157e308), decimal("1e309")) < 0);
}

/// LIKE by its definition: slow and plainly right.
bool defined_like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    return defined_like(text, pattern.substr(1)) ||
           (!text.empty() && defined_like(text.substr(1), pattern));
  }
  if (text.empty() || (pattern[0] != '_' && pattern[0] != text[0])) return false;
  return defined_like(text.substr(1), pattern.substr(1));
}

RC_GTEST_PROP(like, agrees_with_its_definition, ()) {
  const auto short_text = [](auto letters) {
    return *rc::gen::resize(10, rc::gen::container<std::string>(letters));
  };
  const auto text = short_text(rc::gen::element('a', 'b'));
  const auto pattern = short_text(rc::gen::element('a', 'b', '%', '_'));
  RC_ASSERT(like(text, pattern) == defined_like(text, pattern));
}

}  // namespace
}  // namespace weir::expr
