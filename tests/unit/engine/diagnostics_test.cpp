#include "engine/diagnostics.hpp"

#include <gtest/gtest.h>

#include "engine/text_parser.hpp"
#include "sample_table.hpp"

namespace weir {
namespace {

pipeline_text text_of(std::string name, std::string text) {
  pipeline_text p;
  p.name = std::move(name);
  p.text = std::move(text);
  return p;
}

std::string rendered(const pipeline_text& p, text_span where, std::string hint = {}) {
  const diagnostic one{"something is wrong", where, std::move(hint), false};
  return render(p, {&one, 1}, false);
}

TEST(diagnostics, a_fault_is_shown_with_its_line_and_a_caret) {
  const auto p = text_of("pipeline.yaml", "a: 1\n  where: statsu >= 500\n");
  EXPECT_EQ(rendered(p, {14, 6}, "did you mean `status`?"),
            "error: something is wrong\n"
            " --> pipeline.yaml:2:10\n"
            "  |\n"
            "2 |   where: statsu >= 500\n"
            "  |          ^^^^^^\n"
            "  = help: did you mean `status`?\n");
}

TEST(diagnostics, columns_count_code_points_and_tabs_are_expanded) {
  const auto p = text_of("p", "\u00e4\tx");
  EXPECT_EQ(rendered(p, {3, 1}),
            "error: something is wrong\n"
            " --> p:1:3\n"
            "  |\n"
            "1 | \u00e4   x\n"
            "  |     ^\n");
}

TEST(diagnostics, a_span_at_the_end_gets_one_caret_behind_the_text) {
  EXPECT_EQ(rendered(text_of("p", "json |"), {6, 0}),
            "error: something is wrong\n --> p:1:7\n  |\n1 | json |\n  |       ^\n");
  EXPECT_EQ(rendered(text_of("p", ""), {99, 99}),
            "error: something is wrong\n --> p:1:1\n  |\n1 | \n  | ^\n");
}

TEST(diagnostics, a_span_over_lines_is_underlined_to_the_end_of_its_first) {
  EXPECT_EQ(rendered(text_of("p", "ab\r\ncd"), {1, 5}),
            "error: something is wrong\n --> p:1:2\n  |\n1 | ab\n  |  ^\n");
}

TEST(diagnostics, a_password_is_not_shown) {
  const auto p = text_of("p", "to postgres://u:pw@h/db | x");
  EXPECT_EQ(rendered(p, {26, 1}, "see x://u:pw@h"),
            "error: something is wrong\n"
            " --> p:1:27\n"
            "  |\n"
            "1 | to postgres://u:**@h/db | x\n"
            "  |                           ^\n"
            "  = help: see x://u:**@h\n");
}

TEST(diagnostics, of_a_secret_only_the_place_is_shown) {
  auto p = text_of("p", "key: |\n  ab\n  cd\nx: 1");
  p.secrets.push_back({8, 8});
  EXPECT_EQ(rendered(p, {10, 1}),
            "error: something is wrong\n --> p:2:4\n  |\n2 |  ***\n  |    ^\n");
  EXPECT_EQ(rendered(p, {17, 1}), "error: something is wrong\n --> p:4:1\n  |\n4 | x: 1\n  | ^\n");
}

TEST(diagnostics, nothing_that_a_terminal_obeys_is_printed) {
  const auto out = rendered(text_of("p\x1b", "a\x1b[31m\u202e\u009b b"), {0, 1}, "\x07");
  EXPECT_EQ(out.find_first_of("\x1b\x07"), std::string::npos);
  EXPECT_EQ(out.find("\u202e"), std::string::npos);
  EXPECT_EQ(out.find("\u009b"), std::string::npos);
}

TEST(diagnostics, of_a_long_line_the_part_around_the_fault_is_shown) {
  const auto out = rendered(
      text_of("p", std::string(100'000, 'x') + "HERE" + std::string(100'000, 'y')), {100'000, 4});
  EXPECT_NE(out.find("...xxx"), std::string::npos);
  EXPECT_NE(out.find("HEREyyy"), std::string::npos);
  EXPECT_LT(out.size(), 1000u);
  EXPECT_NE(out.find(" ^^^^\n"), std::string::npos);
}

TEST(diagnostics, they_come_in_the_order_of_the_text_and_once) {
  const auto p = text_of("p", "abc");
  const std::vector<diagnostic> found{
      {"second", {1, 1}, "", false}, {"first", {0, 1}, "", true}, {"second", {1, 1}, "", false}};
  const auto out = render(p, found, false);
  EXPECT_EQ(out.find("warning: first"), 0u);
  EXPECT_EQ(out.find("error: second"), out.rfind("error: second"));
  EXPECT_NE(out.find("error: second"), std::string::npos);
}

TEST(diagnostics, colours_come_only_when_asked_for) {
  const diagnostic one{"bad", {0, 1}, "hint", false};
  const auto p = text_of("p", "abc");
  EXPECT_EQ(render(p, {&one, 1}, false).find('\x1b'), std::string::npos);
  EXPECT_EQ(render(p, {&one, 1}, true).find("\x1b[1;31merror\x1b[0m"), 0u);
}

TEST(diagnostics, hostile_text_does_not_print_a_million_faults) {
  const std::vector<diagnostic> many = [] {
    std::vector<diagnostic> all;
    for (std::size_t i = 0; i < 1000; ++i) all.push_back({"bad", {i, 1}, "", false});
    return all;
  }();
  const auto out = render(text_of("p", std::string(1000, '|')), many, false);
  EXPECT_NE(out.find("\nand 950 more\n"), std::string::npos);
}

TEST(diagnostics, programs_get_json) {
  const std::vector<diagnostic> found{{"a \"quote\"", {3, 2}, "do", false},
                                      {"b", {0, 0}, "", true}};
  EXPECT_EQ(render_json(text_of("x\"y", "ab\ncd"), found),
            "[\n "
            "{\"severity\":\"warning\",\"message\":\"b\",\"file\":\"x\\\"y\",\"line\":1,\"column\":"
            "1,\"offset\":0,\"length\":0},"
            "\n {\"severity\":\"error\",\"message\":\"a "
            "\\\"quote\\\"\",\"file\":\"x\\\"y\",\"line\":2,\"column\":1,\"offset\":3,\"length\":2,"
            "\"help\":\"do\"}\n]\n");
  EXPECT_EQ(render_json(text_of("p", ""), {}), "[]\n");
}

TEST(diagnostics, a_fault_in_rewritten_text_points_at_where_it_was_written) {
  auto p = text_of("p.yaml", "where: \"a\\u0020b\"\n");
  p.rewritten.push_back({1000, 3, {7, 10}, "a b"});
  EXPECT_EQ(rendered(p, {1002, 1}),
            "error: something is wrong\n --> p.yaml:1:8\n  |\n1 | where: \"a\\u0020b\"\n  |        "
            "^^^^^^^^^^\n");
}

}  // namespace
}  // namespace weir
