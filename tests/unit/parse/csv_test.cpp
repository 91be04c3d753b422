#include "parse/csv.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

using strings = std::vector<std::string>;

/// The fields of a record, and what stopped them.
strings fields_of(std::string_view record, const csv_format& how = {}) {
  strings out;
  csv_fields fields(record, how);
  for (csv_field f; fields.next(f);) append_undoubled(f.text, how.quote, out.emplace_back());
  if (!fields.fault().is_keep())
    out.push_back(std::string{fields.fault().why()} + " @ " + std::to_string(fields.fault().at()));
  return out;
}

/// Whether the record is still open after these lines.
bool open_after(const strings& lines, const csv_format& how = {}) {
  csv_quotes quotes(how);
  for (const std::string& line : lines) quotes.take(line);
  return quotes.open();
}

TEST(CsvFields, AreWhatStandsBetweenDelimiters) {
  EXPECT_EQ(fields_of("a,b,c"), (strings{"a", "b", "c"}));
  EXPECT_EQ(fields_of(",,"), (strings{"", "", ""}));
  EXPECT_EQ(fields_of("a, b ,"), (strings{"a", " b ", ""}));
  EXPECT_EQ(fields_of(""), (strings{""}));
}

TEST(CsvFields, InQuotesHoldAnything) {
  EXPECT_EQ(fields_of("\"a,\"\"b\"\"\r\nc\",\"\",\"\"\"\""), (strings{"a,\"b\"\r\nc", "", "\""}));
}

TEST(CsvFields, TakeOtherDelimitersAndQuotes) {
  EXPECT_EQ(fields_of("a\t'b\tc'", {.delimiter = '\t', .quote = '\''}), (strings{"a", "b\tc"}));
  EXPECT_EQ(fields_of("a,\"b\"", {.quote = csv_format::no_quote}), (strings{"a", "\"b\""}));
}

TEST(CsvFields, NameTheFaultAndItsPlace) {
  EXPECT_EQ(fields_of("a,b\"c"), (strings{"a", "quote in an unquoted field @ 3"}));
  EXPECT_EQ(fields_of("a,\"b\"c"), (strings{"a", "text behind a closing quote @ 5"}));
  EXPECT_EQ(fields_of("a,\"b"), (strings{"a", "quoted field without end @ 2"}));
}

TEST(CsvFields, TakeStrayQuotesAsTextWhenLenient) {
  const csv_format lenient{.lenient = true};
  EXPECT_EQ(fields_of("a,b\"c", lenient), (strings{"a", "b\"c"}));
  EXPECT_EQ(fields_of("\"b\"c\" ,d", lenient), (strings{"b\"c", "d"}));
  EXPECT_EQ(fields_of("a,\"b,c", lenient), (strings{"a", "b,c"}));
}

TEST(CsvQuotes, StayOpenOverLinesUntilTheyAreClosed) {
  EXPECT_FALSE(open_after({"a,b"}));
  EXPECT_TRUE(open_after({"a,\"b"}));
  EXPECT_TRUE(open_after({"a,\"b", "", "c\"\"d,\"\""}));
  EXPECT_FALSE(open_after({"a,\"b", "c\",d"}));
  EXPECT_TRUE(open_after({"a,\"b", "c\",\"d"}));
  EXPECT_FALSE(open_after({"a,b\"c"})) << "a stray quote opens nothing";
  EXPECT_TRUE(open_after({"\"a\"b"}, {.lenient = true}));
}

TEST(CsvHeader, NamesWhatHasNoNameAndTellsApartWhatHasTheSame) {
  EXPECT_EQ(read_csv_header("a,,a,\"a\",column2", {}).names,
            (strings{"a", "column2", "a_2", "a_3", "column2_2"}));
  EXPECT_FALSE(read_csv_header("a,\"b", {}).fault.is_keep());
  EXPECT_FALSE(read_csv_header(std::string(70'000, 'a'), {}).fault.is_keep());
}

/// What stops a record of two fields where a shard's reading begins at `from`; empty for nothing.
std::string fault_at(position from, std::string_view kept, bool names_given = false) {
  const auto of = std::make_shared<const shard>(shard{.name = "a", .identity = "a"});
  const auto headers =
      std::make_shared<csv_headers>(names_given ? read_csv_header("a,b", {}) : csv_header{});
  batch b(test::new_pool());
  b.open_run(of, from);
  const record& line = b.add("3,c", from.number + 1, from.offset);
  csv_lines lines({}, true, names_given, b.runs()[0], kept, headers);
  if (lines.whole(line) == blank) return "taken for the header";
  return std::string{headers->of(*of)->fault.why()};
}

TEST(CsvHeader, IsNoRecordInMidFile) {
  const std::string_view none = "no header in front: name the `columns`";
  EXPECT_EQ(fault_at({}, ""), "taken for the header");
  EXPECT_EQ(fault_at({.offset = 8, .number = 2}, ""), none);
  EXPECT_EQ(fault_at({.offset = 8}, ""), none);
  EXPECT_EQ(fault_at({.offset = 8, .number = 2}, "", true), "");
  EXPECT_EQ(fault_at({.offset = 8, .number = 2}, "1 a,b"), "");
  EXPECT_EQ(fault_at({.offset = 8, .number = 2}, "0"), "taken for the header") << "after comments";
  EXPECT_EQ(fault_at({.offset = 8, .number = 2}, "3 a,b"), "taken for the header");
}

}  // namespace
}  // namespace weir
