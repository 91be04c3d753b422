#include "sink/name_template.hpp"

#include <rapidcheck.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sink_fixture.hpp"

namespace weir {
namespace {

constexpr std::int64_t when_ns = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z

class name_template_test : public test::sink_fixture {
 protected:
  std::string name(std::string_view name_text, std::string_view json, std::uint64_t part = 1) {
    const auto parsed = name_template::parse(name_text);
    if (!parsed) return "error: " + parsed.error();
    const batch one = records({json});
    std::string stem;
    parsed->append_stem(*one.begin(), when_ns, stem);
    return name_of_part(stem, part);
  }
  static std::string complaint(std::string_view name_text) {
    const auto parsed = name_template::parse(name_text);
    return parsed ? "" : parsed.error();
  }
  static std::string encoded(std::string_view value, std::size_t limit_bytes = 200) {
    std::string out;
    append_encoded(value, limit_bytes, out);
    return out;
  }
};

TEST_F(name_template_test, places_take_fields_times_and_the_part) {
  EXPECT_EQ(name("out/{date}/{hour}/{service}-{part}.ndjson", R"({"service":"api"})", 7),
            "out/2026-01-01/00/api-000007.ndjson");
  EXPECT_EQ(name("{a.b[1]}", R"({"a":{"b":[1,"x y"]}})"), "x y");
  EXPECT_EQ(name("{`date`}", R"({"date":"today"})"), "today");
  EXPECT_EQ(name("{{{n}}}", R"({"n":1.50})"), "{1.50}");
}

TEST_F(name_template_test, dates_are_those_of_the_record_where_it_has_a_time) {
  EXPECT_EQ(name("{date}T{hour}", R"({"ts":"2025-07-04T23:59:59+02:00"})"), "2025-07-04T21");
  EXPECT_EQ(name("{date}T{hour}", R"({"ts":"soon"})"), "2026-01-01T00");
}

TEST_F(name_template_test, fields_that_say_nothing_have_names_that_no_value_has) {
  EXPECT_EQ(name("{a}", "{}"), "%null");
  EXPECT_EQ(name("{a}", R"({"a":null})"), "%null");
  EXPECT_EQ(name("{a}", R"({"a":""})"), "%empty");
  EXPECT_EQ(name("{a}", R"({"a":"%null"})"), "%25null");
}

TEST_F(name_template_test, values_are_unescaped_first_and_then_encoded) {
  EXPECT_EQ(name("out/{a}", R"({"a":"\u002e\u002e\/x"})"), "out/%2E.%2Fx");
  EXPECT_EQ(name("out/{a}", R"({"a":{"b":"/"}})"), R"(out/{"b":"%2F"})");
}

TEST_F(name_template_test, what_is_special_to_a_file_system_or_a_terminal_is_encoded) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(encoded("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
  EXPECT_EQ(encoded("."), "%2E");
  EXPECT_EQ(encoded("a.b"), "a.b");
  EXPECT_EQ(encoded("\0\n\x1b\x7f\\%"sv), "%00%0A%1B%7F%5C%25");
  EXPECT_EQ(encoded("Zürich"), "Z%C3%BCrich");
}

TEST_F(name_template_test, long_values_are_cut_and_stay_different) {
  const std::string one = encoded(std::string(500, 'a') + "1", 100);
  const std::string two = encoded(std::string(500, 'a') + "2", 100);
  EXPECT_EQ(one.size(), 100U);
  EXPECT_EQ(two.size(), 100U);
  EXPECT_NE(one, two);
  EXPECT_EQ(encoded(std::string(100, 'a'), 100), std::string(100, 'a'));
}

TEST_F(name_template_test, the_number_of_later_parts_goes_in_front_of_the_endings) {
  EXPECT_EQ(name_of_part("out/a.ndjson", 1), "out/a.ndjson");
  EXPECT_EQ(name_of_part("out/a.ndjson", 2), "out/a-000002.ndjson");
  EXPECT_EQ(name_of_part("out.d/a.ndjson.gz", 3), "out.d/a-000003.ndjson.gz");
  EXPECT_EQ(name_of_part("a.2026.zst", 3), "a-000003.2026.zst");
  EXPECT_EQ(name_of_part("out.d/.hidden", 2), "out.d/.hidden-000002");
  std::string stem = "a.ndjson";
  add_part_mark(stem);
  EXPECT_EQ(name_of_part(stem, 1), "a-000001.ndjson");
}

TEST_F(name_template_test, wrong_templates_are_told_apart) {
  EXPECT_EQ(complaint("a{b"), "`{` without `}`; a brace itself is `{{`");
  EXPECT_EQ(complaint("a}b"), "`}` without `{`; a brace itself is `}}`");
  EXPECT_EQ(complaint("{}"), "`{}` names no field");
  EXPECT_EQ(complaint("{a..b}"), "`{a..b}` names no field");
  EXPECT_EQ(complaint(std::string(220, 'x') + "{a}"), "the name leaves no room for its values");
  EXPECT_EQ(complaint("/" + std::string(300, 'x') + "/{a}/{b}.log"), "");
}

/// Where a value could do harm, more often than by chance.
std::string hostile(std::mt19937_64& random) {
  static const std::vector<std::string> bits{
      "..",  "/",      ".",    "\\",     std::string(1, '\0'),
      "%2E", "%2F",    "\n",   "~",      "-",
      "a",   "\"",     "\xff", "\u202e", std::string(300, 'x'),
      "%",   "{part}", "}",    " ",      "../../etc/passwd"};
  std::string out;
  for (std::uint64_t n = random() % 6; n > 0; --n) {
    out += random() % 4 == 0 ? std::string(1, static_cast<char>(random()))
                             : bits[random() % bits.size()];
  }
  return out;
}

TEST_F(name_template_test, no_value_leads_out_of_its_directory) {
  std::mt19937_64 random(1);
  std::set<std::string> values;
  std::set<std::string> names;
  for (int i = 0; i < 100'000; ++i) {
    const std::string value = hostile(random);
    const std::string name = encoded(value, 100);
    ASSERT_LE(name.size(), 100U);
    ASSERT_EQ(name.find('/'), std::string::npos) << name;
    ASSERT_EQ(name.find('\0'), std::string::npos) << name;
    ASSERT_FALSE(name.starts_with('.')) << name;
    const std::filesystem::path joined = std::filesystem::path("out") / (name + ".ndjson");
    ASSERT_EQ(joined.lexically_normal().parent_path(), "out") << name;
    values.insert(value);
    names.insert(name);
  }
  EXPECT_EQ(values.size(), names.size()) << "different values met in one name";
}

TEST_F(name_template_test, names_of_hostile_records_can_be_made_and_lie_where_the_template_says) {
  std::mt19937_64 random(2);
  const auto parsed = name_template::parse("out/{a}/x-{b}-{c}.ndjson");
  ASSERT_TRUE(parsed);
  for (int i = 0; i < 20'000; ++i) {
    std::string json = "{";
    for (const char key : {'a', 'b', 'c'}) {
      json += json.size() > 1 ? ",\"" : "\"";
      json += key;
      json += "\":";
      write_json_string(hostile(random), json);
    }
    json += "}";
    const batch one = records({json});
    std::string stem;
    parsed->append_stem(*one.begin(), when_ns, stem);
    const std::filesystem::path made = name_of_part(stem, 2);
    ASSERT_EQ(made.lexically_normal(), made) << json;
    ASSERT_EQ(std::distance(made.begin(), made.end()), 3) << json;
    ASSERT_EQ(*made.begin(), "out") << json;
    for (const auto& component : made) ASSERT_LE(component.string().size(), 246U) << json;
  }
}

}  // namespace
}  // namespace weir
