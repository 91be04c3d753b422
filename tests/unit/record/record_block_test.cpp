#include "record/record_block.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "record/json_edit.hpp"
#include "record/parsed_fields.hpp"
#include "unit/lines.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

std::string packed(const batch& b) {
  record_block_writer block;
  for (const record& r : b) block.add(r);
  return block.take();
}

/// The records of `block`, in memory of their own batch.
batch unpacked(std::string_view block, record_block_reader reader = record_block_reader{}) {
  batch out(test::new_pool());
  reader.read(out.store().memory.copy(block), out);
  return out;
}

/// All that tells one record from another.
std::string all_of(const record& r) {
  std::string json;
  r.write(json);
  return r.source().name + "|" + r.source().identity + "|" +
         std::to_string(r.source().modified_ns) + "|" + std::to_string(r.number()) + "|" +
         std::to_string(r.offset()) + "|" + std::to_string(static_cast<int>(r.shape())) + "|" +
         std::to_string(r.many_lines()) + "|" + std::string{r.text()} + "|" + std::string{r.raw()} +
         "|" + json;
}
std::vector<std::string> all_of(const batch& b) {
  std::vector<std::string> out;
  for (const record& r : b) out.push_back(all_of(r));
  return out;
}

std::uint64_t covered(const batch& b) {
  std::uint64_t sum = 0;
  for (const run& r : b.runs()) {
    sum += r.to.number - r.from.number;
    for (const auto& [f, count] : r.settled) sum -= f == elsewhere ? count : 0;
  }
  return sum;
}

TEST(RecordBlock, GivesTextAndItsPlaceBackAsTheyWere) {
  const auto of =
      std::make_shared<shard>(shard{.name = "a \"log\"\n", .identity = "8:1:x", .modified_ns = -5});
  batch lines = test::lines_of("one\n\n\xff\xfe\nlast", test::new_pool(), of, {1000, 17});
  lines.all()[0].set_many_lines(true);
  const batch back = unpacked(packed(lines));
  EXPECT_EQ(all_of(back), all_of(lines));
  EXPECT_EQ(back.runs()[0].from.number, 17u);
  EXPECT_EQ(back.runs()[0].to.number, 21u);
}

TEST(RecordBlock, KeepsWhatStagesWroteAndTheBytesThatWereRead) {
  batch lines = test::lines_of("{\"a\":12345678901234567890}\n{\"a\" : 2}\nplain text\n");
  lines.all()[0].set_shape(shape::json);
  lines.all()[1].set_shape(shape::json);
  lines.all()[1].set("b", value::of("x\"y"));
  lines.all()[2].set("c", value::of(std::int64_t{3}));
  const batch back = unpacked(packed(lines));
  EXPECT_EQ(all_of(back), all_of(lines));
  EXPECT_EQ(back.all()[1].raw(), "{\"a\" : 2}");
  EXPECT_EQ(back.all()[0].get("a").text, "12345678901234567890");
}

TEST(RecordBlock, KeepsTheFieldsThatAParserNoted) {
  batch lines = test::lines_of("GET 200 {}\nPUT\n");
  const auto fields = std::make_shared<field_table>();
  const std::string_view text = lines.all()[0].text();
  fields->all = {{"verb", text.data(), 3, 4, text_form::plain},
                 {"status", text.data() + 4, 3, 6, text_form::json},
                 {"", text.data() + 8, 2, 0, text_form::json},
                 {},
                 {}};
  lines.store().fields = fields;
  lines.all()[0].set_shape(shape::fields);
  lines.all()[0].set_index(lines.store(), 0);
  lines.all()[1].set_shape(shape::fields);
  lines.all()[1].set_index(lines.store(), 4);
  const batch back = unpacked(packed(lines));
  EXPECT_EQ(all_of(back), all_of(lines));
  EXPECT_EQ(back.all()[0].get("status").text, "200");
  std::string json;
  back.all()[0].write(json);
  EXPECT_EQ(json, R"({"verb":"GET","status":200,"":{}})");
}

TEST(RecordBlock, LeavesOutWhatHasEndedAndCountsItAsElsewhere) {
  batch lines = test::lines_of("1\n2\n3\n4\n5\n");
  lines.end_record(lines.all()[0], first_rule);
  lines.end_record(lines.all()[2], first_rule);
  const batch back = unpacked(packed(lines));
  EXPECT_EQ(test::texts(back), (std::vector<std::string>{"2", "4", "5"}));
  EXPECT_EQ(covered(back), 3u);
  EXPECT_EQ(back.runs().size(), 1u);
  EXPECT_EQ(back.runs()[0].from.number, 1u);
}

TEST(RecordBlock, KeepsShardsApartAndTheSameFromBlockToBlock) {
  const auto a = std::make_shared<shard>(shard{.name = "a", .identity = "a"});
  const auto b = std::make_shared<shard>(shard{.name = "b", .identity = "b"});
  const auto pool = test::new_pool();
  record_block_writer block;
  const batch first = test::lines_of("a1\na2\n", pool, a);
  const batch second = test::lines_of("b1\n", pool, b);
  const batch third = test::lines_of("a3\n", pool, a, {6, 2});
  for (const batch* some : {&first, &second, &third}) {
    for (const record& r : *some) block.add(r);
  }
  EXPECT_EQ(block.records(), 4u);
  record_block_reader reader;
  batch one(pool);
  reader.read(one.store().memory.copy(block.take()), one);
  EXPECT_EQ(test::texts(one), (std::vector<std::string>{"a1", "a2", "b1", "a3"}));
  EXPECT_EQ(one.runs().size(), 3u);
  EXPECT_EQ(&one.all()[0].source(), &one.all()[3].source());
  batch two(pool);
  reader.read(two.store().memory.copy(packed(third)), two);
  EXPECT_EQ(&two.all()[0].source(), &one.all()[0].source());
}

TEST(RecordBlock, LeavesOutWhatHasGoneOnInAnotherRun) {
  const batch lines = test::lines_of("1\n2\n3\n");
  const batch back =
      unpacked(packed(lines),
               record_block_reader([](const shard& s) { return s.name == "test" ? 2u : 0u; }));
  EXPECT_EQ(test::texts(back), (std::vector<std::string>{"3"}));
  EXPECT_EQ(back.runs()[0].from.number, 2u);
}

TEST(RecordBlock, RefusesABlockThatBreaksOff) {
  const std::string whole = packed(test::lines_of("{\"n\":1}\n{\"n\":2}\n"));
  std::size_t refused = 0;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    try {
      unpacked(std::string_view{whole}.substr(0, size));
    } catch (const error&) {
      ++refused;
    }
  }
  // All but the end of the first record.
  EXPECT_EQ(refused, whole.size() - 2);
}

}  // namespace
}  // namespace weir
