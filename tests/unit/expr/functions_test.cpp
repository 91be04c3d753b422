#include "expr/functions.hpp"

#include <gtest/gtest.h>

#include <set>

#include "unit/expr/running.hpp"

namespace weir::expr::testing {
namespace {

TEST(functions, every_example_gives_its_result) {
  for (const function& f : functions()) {
    EXPECT_EQ(result(f.example), f.example_result) << f.example;
    EXPECT_NE(f.example.find(f.name), std::string_view::npos) << f.name;
  }
}

TEST(functions, are_declared_completely_and_once) {
  std::set<std::string_view> names;
  for (const function& f : functions()) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_TRUE(f.signature.starts_with(f.name)) << f.name;
    EXPECT_TRUE(f.summary.ends_with('.')) << f.name;
    EXPECT_LE(f.min_arguments, f.max_arguments) << f.name;
    EXPECT_LE(f.max_arguments, max_arguments) << f.name;
    EXPECT_FALSE(f.group.empty()) << f.name;
  }
}

TEST(functions, give_null_for_null_unless_they_look_for_it) {
  for (const function& f : functions()) {
    if (f.sees_null || f.min_arguments == 0 || f.parameters[0] == parameter::constant) continue;
    std::string call = std::string{f.name} + "(nope";
    for (std::size_t i = 1; i < f.min_arguments; ++i) {
      const bool text = f.at(i) == parameter::text || f.at(i) == parameter::pattern;
      call += text ? ", '1s'" : ", 1";
    }
    const bool has_format = f.name == "format_time" || f.name == "parse_time";
    if (has_format) call = std::string{f.name} + "(nope, '%F'";
    EXPECT_EQ(result(call + ")"), "null") << call;
  }
}

TEST(functions, are_found_in_any_case) {
  EXPECT_EQ(find_function("SubStr")->name, "substr");
  EXPECT_EQ(find_function("nope"), nullptr);
}

}  // namespace
}  // namespace weir::expr::testing
