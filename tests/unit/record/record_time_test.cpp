#include "record/record_time.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "unit/one_record.hpp"

namespace weir {
namespace {

/// `@time` of a JSON record as a text; "none" if it has none.
std::string time_in(std::string_view json) {
  testing::one_record r{json};
  std::string out;
  const auto found = time_of(*r);
  found ? format_rfc3339(*found, out) : void(out = "none");
  return out;
}

TEST(RecordTime, ADayIsJoinedWithTheTimeOfTheDayBesideIt) {
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":"10:22:33"})"), "2026-01-12T10:22:33Z");
  EXPECT_EQ(time_in(R"({"Date":"2026/01/12","Time":"9:05:01.250"})"), "2026-01-12T09:05:01.250Z");
  EXPECT_EQ(time_in(R"({"DATE":"20260112","TIME":"10:22"})"), "2026-01-12T10:22:00Z");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":"10:22:33+01:00"})"), "2026-01-12T09:22:33Z");
  EXPECT_EQ(time_in(R"({"date":"2026\u002d01-12","time":"10\u003a22:33"})"),
            "2026-01-12T10:22:33Z");
}

// FortiOS, whose eventtime says the same in nanoseconds:
// https://prophecyinternational.atlassian.net/wiki/pages/diffpages.action?pageId=1077870751
TEST(RecordTime, AZoneBesideThemCounts) {
  EXPECT_EQ(time_in(R"({"date":"2020-03-29","time":"16:41:30","tz":"-0700"})"),
            "2020-03-29T23:41:30Z");
  EXPECT_EQ(time_in(R"({"date":"2020-03-29","time":"16:41:30","eventtime":1585525290513555981})"),
            "2020-03-29T23:41:30.513555981Z");
  EXPECT_EQ(time_in(R"({"date":"2020-01-29","time":"16:41:30","timezone":"CET"})"),
            "2020-01-29T15:41:30Z");
  EXPECT_EQ(time_in(R"({"date":"2020-03-29","time":"16:41:30","tz":-1000})"),
            "2020-03-30T02:41:30Z");
  EXPECT_EQ(time_in(R"({"date":"2020-03-29","time":"16:41:30Z","tz":"Mars"})"),
            "2020-03-29T16:41:30Z");
}

TEST(RecordTime, AZoneBesideThemThatNobodyKnowsLeavesNoTimeRatherThanAWrongOne) {
  for (const std::string_view zone : {R"("Mars")", R"("Europe/Berlin")", R"("IST")", "5", "true"}) {
    const std::string front = R"({"date":"2020-01-29","time":"16:41:30","tz":)";
    EXPECT_EQ(time_in(front + std::string{zone} + "}"), "none") << zone;
  }
  EXPECT_EQ(time_in(R"({"date":"2020-01-29","time":"16:41:30","tz":null})"),
            "2020-01-29T16:41:30Z");
}

TEST(RecordTime, AZoneBesideThemMayBeSpelledInManyWays) {
  for (const std::string_view zone : {"tz", "TZ", "timezone", "Timezone", "TimeZone", "timeZone",
                                      "TIMEZONE", "time_zone", "Time Zone"}) {
    const std::string behind = R"(","Level":"x",")" + std::string{zone} + R"(":"+02:00"})";
    for (const std::string_view front :
         {R"({"date":"2026-01-12","time":"10:22:33)", R"({"Date":"2026-01-12","Time":"10:22:33)",
          R"({"DATE":"2026-01-12","TIME":"10:22:33)"}) {
      EXPECT_EQ(time_in(std::string{front} + behind), "2026-01-12T08:22:33Z") << front << behind;
    }
  }
}

// Google Cloud, "Structured logging"; Log4j's JsonTemplateLayout; protocol buffers write int64 as
// text.
TEST(RecordTime, SecondsAndNanosecondsMayStandApart) {
  const std::string_view moment = "2026-01-12T10:22:33.000000005Z";
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":1768213353,"nanos":5}})"), moment);
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":"1768213353","nanos":5}})"), moment);
  EXPECT_EQ(time_in(R"({"timestampSeconds":1768213353,"timestampNanos":5})"), moment);
  EXPECT_EQ(time_in(R"({"instant":{"epochSecond":1768213353,"nanoOfSecond":5}})"), moment);
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":1768213353}})"), "2026-01-12T10:22:33Z");
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":33,"nanos":5}})"), "none");
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":1768213353,"nanos":1000000000}})"), "none");
  EXPECT_EQ(time_in(R"({"timestamp":{"seconds":99999999999999,"nanos":5}})"), "none");
}

TEST(RecordTime, ADayAloneCountsOnlyWhereNothingSaysMore) {
  EXPECT_EQ(time_in(R"({"date":"2026-01-12"})"), "2026-01-12T00:00:00Z");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","created_at":"2026-01-12T10:22:33Z"})"),
            "2026-01-12T10:22:33Z");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":"half past ten"})"), "none");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":null})"), "2026-01-12T00:00:00Z");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":""})"), "2026-01-12T00:00:00Z");
  EXPECT_EQ(time_in(R"({"date":"2026-02-30","time":"10:22:33"})"), "none");
  EXPECT_EQ(time_in(R"({"time":"10:22:33"})"), "none");
  EXPECT_EQ(time_in(R"({"time":"2026-01-12"})"), "2026-01-12T00:00:00Z");
  EXPECT_EQ(time_in(R"({"date":"2026-01-12","time":"2026-01-12T10:22:33Z"})"),
            "2026-01-12T10:22:33Z");
}

// The fields as the documentation of each program has them.
TEST(RecordTime, WellKnownProgramsAreUnderstood) {
  const std::string_view moment = "2026-01-12T10:22:33.123Z";
  for (const std::string_view json : {
           R"({"t":{"$date":"2026-01-12T11:22:33.123+01:00"},"s":"I"})",  // MongoDB
           R"({"@t":"2026-01-12T10:22:33.123Z","@mt":"x"})",              // Serilog
           R"({"TimeGenerated":"2026-01-12T10:22:33.123Z"})",             // Azure Monitor
           R"({"receiveTimestamp":"2026-01-12T10:22:33.123Z"})",          // Google Cloud
           R"({"level":30,"time":1768213353123,"pid":1})",                // Pino
           R"({"level":"info","ts":1768213353.123})",                     // zap
           R"({"L":"WARN","T":"2026-01-12T10:22:33.123Z"})",              // zap, developing
           R"({"timeMillis":1768213353123,"level":"WARN"})",              // Log4j's JsonLayout
           R"({"__REALTIME_TIMESTAMP":"1768213353123000"})",              // journald
           R"({"EventTime":"2026-01-12 10:22:33.123"})",                  // NXLog
           R"({"UtcTime":"2026-01-12 10:22:33.123"})",                    // Sysmon
           R"({"EdgeStartTimestamp":1768213353123000000})",               // Cloudflare
           R"({"datetime":"2026-01-12T10:22:33.123+00:00","level":400})"  // Monolog
       }) {
    EXPECT_EQ(time_in(json), moment) << json;
  }
}

}  // namespace
}  // namespace weir
