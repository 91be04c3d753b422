#include <gtest/gtest.h>

#include "parse/logfmt.hpp"
#include "record/json_edit.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

using test::new_pool;
using test::parsed;
using test::written;

using strings = std::vector<std::string>;

batch logfmt_of(std::string_view text, bool keep_others = false) {
  return parsed(std::make_unique<logfmt_parser>(logfmt_parser::settings{}), text, keep_others);
}

TEST(LineParser, ARecordOfFieldsIsReadWithoutAnyJson) {
  const batch b = logfmt_of("a=1 b=\"x y\" c=\"q\\\"\" d\n");
  const record& r = *b.begin();
  EXPECT_EQ(r.shape(), shape::fields);
  EXPECT_EQ(r.text(), "a=1 b=\"x y\" c=\"q\\\"\" d");
  EXPECT_EQ(r.get("a").integer, 1);
  EXPECT_EQ(r.get("b").text, "x y");
  EXPECT_TRUE(r.get("c").escaped);
  EXPECT_EQ(r.get("d").boolean, true);
  EXPECT_EQ(r.get("e").type, kind::missing);
  EXPECT_EQ(r.get("b.x").type, kind::missing);
  EXPECT_EQ(r.get("message").type, kind::missing);
}

TEST(LineParser, BlankLinesAreCountedApartAndOthersRejectedWithTheirPlace) {
  const batch b = logfmt_of("a=1\n\n \t\nb=\"\nc=\xff\nd=4\n");
  EXPECT_EQ(written(b), (strings{R"({"a":1})", R"({"d":4})"}));
  ASSERT_EQ(b.rejects().size(), 2u);
  EXPECT_EQ(b.rejects()[0].number, 4u);
  EXPECT_EQ(b.rejects()[0].at, 2u);
  EXPECT_EQ(b.rejects()[1].why, "invalid UTF-8");
  EXPECT_EQ(b.rejects()[1].at, 2u);
  std::size_t blanks = 0;
  for (const record& r : b.all()) blanks += r.fate() == blank;
  EXPECT_EQ(blanks, 2u);
}

TEST(LineParser, KeepsOtherLinesAsTextIfAskedTo) {
  const batch b = logfmt_of("a=1\nb=\"\nc=\xff\n", true);
  EXPECT_TRUE(b.rejects().empty());
  strings shapes;
  for (const record& r : b) shapes.emplace_back(r.shape() == shape::fields ? "fields" : "text");
  EXPECT_EQ(shapes, (strings{"fields", "text", "text"}));
}

TEST(LineParser, EditingMakesJsonAndLeavesTheSourceBytes) {
  batch b = logfmt_of("a=1 b=\"x y\"\n");
  record& r = *b.begin();
  r.set("a", value::of("new"));
  EXPECT_EQ(r.shape(), shape::json);
  EXPECT_EQ(r.text(), R"({"a":"new","b":"x y"})");
  EXPECT_EQ(r.raw(), "a=1 b=\"x y\"");
}

TEST(LineParser, BranchesOfABatchShareTheFieldsAndEditThemApart) {
  batch b = logfmt_of("a=1 b=2\nc=3\n");
  batch first = b.branch();
  batch second = b.branch();
  first.begin()->set("a", value::of(std::int64_t{7}));
  const std::vector<field_path> keeps_b{parse_path("b")};
  json_editor{}.keep(*second.begin(), keeps_b);
  EXPECT_EQ(written(first), (strings{R"({"a":7,"b":2})", R"({"c":3})"}));
  EXPECT_EQ(written(second), (strings{R"({"b":2})", R"({"c":3})"}));
  EXPECT_EQ(written(b), (strings{R"({"a":1,"b":2})", R"({"c":3})"}));
}

TEST(LineParser, HeldRecordsOutliveTheirBatchWhetherSharedOrCopied) {
  for (const std::size_t kept_every : {1u, 50u}) {
    const auto pool = new_pool();
    batch held(pool);
    strings expected;
    {
      std::string text;
      for (int i = 0; i < 2'000; ++i) text += "n=" + std::to_string(i) + " pad=xxxxxxxxxxxxxxxx\n";
      batch b = logfmt_of(text);
      const auto sparse = [&](record& r) { return r.number() % kept_every == 0 ? keep : drop; };
      b.apply(test::parse_stage, sparse);
      expected = written(b);
      EXPECT_TRUE(held.absorb(b, SIZE_MAX, SIZE_MAX));
    }
    EXPECT_EQ(written(held), expected);
    EXPECT_EQ(held.begin()->get("n").type, kind::integer);
  }
}

TEST(LineParser, TheTableCountsAgainstTheBudgetUntilItIsReleased) {
  const auto ceiling = std::make_shared<budget>(64 << 20);
  const auto pool = std::make_shared<block_pool>(ceiling);
  {
    batch b = test::lines_of("a=1 b=2\n", pool);
    const std::size_t before = ceiling->used_bytes();
    line_parsing(std::make_unique<logfmt_parser>(logfmt_parser::settings{}), pool,
                 test::parse_stage, false)(b);
    EXPECT_GT(ceiling->used_bytes(), before);
  }
  EXPECT_EQ(ceiling->used_bytes(), 0u);
}

}  // namespace
}  // namespace weir
