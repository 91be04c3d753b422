#include "cli/summary.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

run_report main_job() {
  run_report r;
  r.total.in = 1'000'000;
  r.total.delivered = 99'990;
  r.total.filtered = 900'000;
  r.total.rejected = 10;
  r.total.bytes_in = 240'000'000;
  r.total.filtered_by[first_rule] = 900'000;
  r.total.rejected_by["invalid number"] = 10;
  r.rules = {"where level = \"ERROR\""};
  r.seconds = 0.4;
  r.complete = true;
  return r;
}

TEST(Summary, SaysWhatCameInAndWhereItWent) {
  EXPECT_EQ(summary(main_job()),
            "1,000,000 in, 99,990 delivered, 900,000 filtered, 10 rejected in 0.40 s "
            "(2.5 M records/s, 600 MB/s)\n"
            "       900,000  filtered by `where level = \"ERROR\"`\n"
            "            10  rejected: invalid number\n");
}

TEST(Summary, NamesEachSinkIfThereAreSeveral) {
  run_report r;
  r.complete = true;
  r.sinks = {{"a.ndjson", {}}, {"b.ndjson", {}}};
  r.sinks[0].second.delivered = 3;
  EXPECT_EQ(summary(r),
            "0 in, 0 delivered in 0.00 s (0 records/s, 0 B/s)\n"
            "             3  delivered to a.ndjson\n"
            "             0  delivered to b.ndjson\n");
}

TEST(Summary, SaysThatARunEndedEarly) {
  run_report r;
  EXPECT_NE(summary(r).find("ended before all of the input was read"), std::string::npos);
}

TEST(Summary, SaysOfRecordsBeforeAWrongChecksumThatTheyWereReadNotThatTheyWereDelivered) {
  run_report r = main_job();
  r.unverified = 1'000'000;
  EXPECT_TRUE(summary(r).ends_with("     1,000,000  read before their checksum failed\n"));
}

TEST(Summary, SaysWhyNothingWasKept) {
  run_report r;
  r.total.in = r.total.filtered = 10;
  r.type_mismatches = 10;
  r.absent_fields = {
      {.name = "levle"}, {.name = "web", .meant = "web-1"}, {.name = "tim", .first_of = 100'000}};
  EXPECT_NE(summary(r).find("  field `levle` was in no record\n"), std::string::npos);
  EXPECT_NE(
      summary(r).find("  field `web` was in no record; if a text is meant, write \"web-1\"\n"),
      std::string::npos);
  EXPECT_NE(summary(r).find("  field `tim` was in none of the first 100,000 records\n"),
            std::string::npos);
  EXPECT_NE(summary(r).find("10  values of a type that an expression cannot work on\n"),
            std::string::npos);
}

TEST(Summary, SaysAlsoOfARunThatKeptSomethingThatExpressionsMetTypesTheyCannotWorkOn) {
  run_report r = main_job();
  EXPECT_EQ(summary(r).find("an expression cannot work on"), std::string::npos);
  r.type_mismatches = 1;
  EXPECT_TRUE(
      summary(r).ends_with("             1  value of a type that an expression cannot work on\n"));
}

TEST(ShownRejects, GiveThePlaceTheReasonAndTheTextWithoutControlCharacters) {
  run_report r;
  r.total.rejected = 12;
  r.first_rejects.push_back({.source = "app.log",
                             .number = 17,
                             .at = 5,
                             .stage = "json",
                             .why = "invalid literal",
                             .raw = "{\"a\":\x1b[31mtru}"});
  EXPECT_EQ(shown_rejects(r),
            "rejected app.log:17: json: invalid literal at byte 6\n"
            "    {\"a\":\\x1b[31mtru}\n"
            "and 11 more\n"
            "to keep all of them, use --dead-letter FILE\n");
}

TEST(ShownRejects, NameNoByteWhereTheWholeRecordIsWrong) {
  run_report r;
  r.total.rejected = 1;
  r.first_rejects.push_back(
      {.source = "a.gz", .number = 1, .stage = "file", .why = "bad checksum", .raw = ""});
  EXPECT_TRUE(shown_rejects(r).starts_with("rejected a.gz:1: file: bad checksum\n"));
}

TEST(ShownRejects, AreNothingIfNothingWasRejected) {
  EXPECT_EQ(shown_rejects({}), "");
}

TEST(ShownErrors, NameTheCauseAndEachUnreadableInput) {
  run_report r = main_job();
  r.total.delivered = 99'990;
  r.error = "out.ndjson: no space left on device";
  r.hint = "make room and run it again";
  r.unreadable = {"b.log: permission denied"};
  EXPECT_EQ(shown_errors(r, false),
            "error: out.ndjson: no space left on device\n"
            "  = help: make room and run it again\n"
            "error: b.log: permission denied\n");
}

TEST(ShownErrors, SayThatTheCountsDoNotAddUp) {
  run_report r = main_job();
  r.total.delivered += 1;
  EXPECT_NE(shown_errors(r, false).find("do not add up"), std::string::npos);
  EXPECT_EQ(shown_errors(main_job(), false), "");
}

TEST(ShownSamples, AreListedByTheirSink) {
  run_report r;
  r.samples = {{"a", "{\"n\":1}"}, {"a", "{\"n\":2}"}, {"b", "{\"n\":3}"}};
  EXPECT_EQ(shown_samples(r),
            "would be delivered to a:\n    {\"n\":1}\n    {\"n\":2}\n"
            "would be delivered to b:\n    {\"n\":3}\n");
}

}  // namespace
}  // namespace weir
