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

}  // namespace
}  // namespace weir
