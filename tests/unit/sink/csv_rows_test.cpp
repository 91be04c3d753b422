#include "sink/csv_rows.hpp"

#include <gtest/gtest.h>

#include "unit/lines.hpp"

namespace weir {
namespace {

/// What a table of these JSON records is.
std::string table_of(csv_rows& table, std::string_view ndjson) {
  batch b = test::lines_of(ndjson);
  std::string out;
  for (record& r : b) {
    r.set_shape(shape::json);
    table.append(r, out);
  }
  return out;
}

std::string table_of(std::string_view ndjson, const std::vector<std::string>& columns = {}) {
  csv_rows table(columns);
  return table_of(table, ndjson);
}

TEST(CsvRows, HaveTheColumnsOfTheFirstRecord) {
  EXPECT_EQ(table_of("{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"c\":2}\n"), "a,b\n1,x\n,y\n");
}

TEST(CsvRows, QuoteWhatHasToBe) {
  EXPECT_EQ(table_of(R"({"a,b":"say \"hi\"","c":"two\nlines","d":[1,"x"],"e":" e "})"
                     "\n"),
            "\"a,b\",c,d,e\n\"say \"\"hi\"\"\",\"two\nlines\",\"[1,\"\"x\"\"]\", e \n");
}

TEST(CsvRows, LeaveNullAndMissingFieldsEmptyAndKeepNumbersAsTheyWere) {
  EXPECT_EQ(table_of("{\"a\":null,\"b\":1.50,\"c\":12345678901234567890,\"d\":true}\n"),
            "a,b,c,d\n,1.50,12345678901234567890,true\n");
}

TEST(CsvRows, AreNeverBlankLines) {
  EXPECT_EQ(table_of("{\"a\":\"\"}\n{\"b\":1}\n"), "a\n\"\"\n\"\"\n");
}

TEST(CsvRows, TakePathsAsColumns) {
  EXPECT_EQ(table_of("{\"u\":{\"n\":\"Ana\"},\"t\":[7]}\n", {"t[0]", "u.n"}), "t[0],u.n\n7,Ana\n");
  EXPECT_EQ(csv_rows::find_bad({"a", "b."}), "b.");
}

TEST(CsvRows, GoOnWithTheColumnsOfATableThatWasBegun) {
  csv_rows first;
  table_of(first, "{\"x,\\\"y\":1,\"b\":2}\n");
  csv_rows next;
  next.continue_behind(first.columns());
  EXPECT_EQ(table_of(next, "{\"b\":3,\"x,\\\"y\":4}\n"), "4,3\n");
}

}  // namespace
}  // namespace weir
