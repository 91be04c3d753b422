#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ctime>
#include <limits>

namespace weir {
namespace {

std::string rfc3339(std::int64_t ns) {
  std::string out;
  format_rfc3339(ns, out);
  return out;
}

// Expected seconds are from `date -u -d ... +%s` (GNU coreutils).
TEST(parse_time, rfc3339_and_its_relatives) {
  constexpr std::int64_t s = 1'767'323'045 * ns_per_second;  // 2026-01-02T03:04:05Z
  EXPECT_EQ(parse_time("2026-01-02T03:04:05Z"), s);
  EXPECT_EQ(parse_time("2026-01-02 03:04:05"), s);
  EXPECT_EQ(parse_time("2026-01-02t03:04:05z"), s);
  EXPECT_EQ(parse_time("2026-01-02  3:04:05"), s);
  EXPECT_EQ(parse_time("2026-01-02  3:04:05.678 +00:00"), s + 678'000'000);
  EXPECT_EQ(parse_time("2026-01-02T 3:04:05"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02   3:04:05"), std::nullopt);
  EXPECT_EQ(parse_time("2026-01-02T05:34:05+02:30"), s);
  EXPECT_EQ(parse_time("2026-01-01T22:04:05-0500"), s);
  EXPECT_EQ(parse_time("2026-01-02 03:04:05.678901234 +00:00"), s + 678'901'234);
  EXPECT_EQ(parse_time("2026-01-02 03:04:05,678"), s + 678'000'000);
  EXPECT_EQ(parse_time("2026-01-02T03:04:05.6789012349Z"), s + 678'901'234);
  EXPECT_EQ(parse_time("2026-01-02T03:04"), s - 5 * ns_per_second);
  EXPECT_EQ(parse_time("2026-01-02"), 1'767'312'000 * ns_per_second);
  EXPECT_EQ(parse_time("2016-12-31T23:59:60Z"), 1'483'228'800 * ns_per_second);
}

TEST(parse_time, common_log_format_and_mail) {
  constexpr std::int64_t s = 971'211'336 * ns_per_second;  // the example of Apache's manual
  EXPECT_EQ(parse_time("10/Oct/2000:13:55:36 -0700"), s);
  EXPECT_EQ(parse_time("[10/Oct/2000:13:55:36 -0700]"), s);
  // The example of RFC 9110.
  EXPECT_EQ(parse_time("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777 * ns_per_second);
  EXPECT_EQ(parse_time("6 Nov 1994 08:49:37 +0000"), 784'111'777 * ns_per_second);
}

TEST(parse_time, dates_of_many_programs_and_zones_by_name) {
  constexpr std::int64_t s = 1'767'323'045 * ns_per_second;  // 2026-01-02T03:04:05Z
  EXPECT_EQ(parse_time("2026/01/02 03:04:05"), s);
  EXPECT_EQ(parse_time("26/01/02 03:04:05"), s);
  EXPECT_EQ(parse_time("20260102 03:04:05.678901"), s + 678'901'000);
  EXPECT_EQ(parse_time("260102 030405"), s);
  EXPECT_EQ(parse_time("260102  3:04:05"), s);
  EXPECT_EQ(parse_time("20260102-3:4:5:67"), s + 67'000'000);
  EXPECT_EQ(parse_time("Fri Jan 02 03:04:05.5 2026"), s + 500'000'000);
  EXPECT_EQ(parse_time("Fri Jan  2 03:04:05 2026"), s);
  EXPECT_EQ(parse_time("2026-01-02 04:04:05 CET"), s);
  EXPECT_EQ(parse_time("2026-01-01 19:04:05.000 PST"), s);
  EXPECT_EQ(parse_time("991231 23:59:59"), 946'684'799 * ns_per_second);
}

// `LC_ALL=C date`, Java's and .NET's usual forms, Tomcat, BIND, Oracle, German and Russian dates.
TEST(parse_time, dates_with_names_of_months_and_with_dots) {
  constexpr std::int64_t s = 1'767'323'045 * ns_per_second;  // 2026-01-02T03:04:05Z
  EXPECT_EQ(parse_time("Fri Jan  2 04:04:05 CET 2026"), s);
  EXPECT_EQ(parse_time("Fri Jan  2 03:04:05 UTC 2026"), s);
  EXPECT_EQ(parse_time("January 2, 2026 03:04:05"), s);
  EXPECT_EQ(parse_time("Jan 2, 2026, 3:04:05 AM UTC"), s);
  EXPECT_EQ(parse_time("Friday, January 2, 2026 3:04:05 pm"), s + 12 * 3600 * ns_per_second);
  EXPECT_EQ(parse_time("Jan 02, 2026 12:04:05 AM"), s - 3 * 3600 * ns_per_second);
  EXPECT_EQ(parse_time("2 January 2026 03:04:05"), s);
  EXPECT_EQ(parse_time("02-Jan-2026 03:04:05.678"), s + 678'000'000);
  EXPECT_EQ(parse_time("02-JAN-2026 03:04:05"), s);
  EXPECT_EQ(parse_time("02.01.2026 03:04:05,678"), s + 678'000'000);
  EXPECT_EQ(parse_time("2.1.2026 3:04:05"), s);
  EXPECT_EQ(parse_time("2026.01.02 03:04:05"), s);
  EXPECT_EQ(parse_time("20260102030405"), s);
  EXPECT_EQ(parse_time("2026-01-02 04:04:05.5 +0100 CET"), s + 500'000'000);
  EXPECT_EQ(parse_time("2026-01-02T12:04:05+09:00[Asia/Tokyo]"), s);
  EXPECT_EQ(parse_time("2026-01-02 12:04:05 JST"), s);
  EXPECT_EQ(parse_time("2026-01-02 13:34:05 ACDT"), s);
  for (const char* nobody_knows :
       {"01/02/2026 03:04:05", "13/01/2026 03:04:05", "1/13/2026 3:04 PM",
        "2026-01-02 03:04:05 IST", "Jan 2 2026, 03:04", "02.Jan 2026 1:2", "Jan 32, 2026 03:04:05",
        "Jan 2, 2026 13:04:05 PM", "02-01-2026 03:04:05", "20261302030405", "Jan 2, 2026"}) {
    const auto read = parse_time(nobody_knows);
    EXPECT_TRUE(!read || *read > s * 4) << nobody_knows;
  }
}

// Expected seconds are from Python's strptime, where it knows the directive.
TEST(scan_time, reads_what_strptime_reads) {
  constexpr std::int64_t s = 1'767'323'045 * ns_per_second;  // 2026-01-02T03:04:05Z
  const auto scan = [](std::string_view text, std::string_view format) {
    return scan_time(text, format, 1'767'225'600 * ns_per_second);
  };
  EXPECT_EQ(scan("02/Jan/2026:04:04:05 +0100", "%d/%b/%Y:%H:%M:%S %z"), s);
  EXPECT_EQ(scan("fri JANUARY  2 26 3:4:5 am", "%a %B %d %y %I:%M:%S %p"), s);
  EXPECT_EQ(scan("2026-01-02T03:04:05.678901234Z", "%FT%T.%f%z"), s + 678'901'234);
  EXPECT_EQ(scan("01/02/26 12:30 AM EST", "%D %I:%M %p %Z"), s + 8755 * ns_per_second);
  EXPECT_EQ(scan("2026 002 03:04:05", "%Y %j %T"), s);
  EXPECT_EQ(scan("20260102030405", "%Y%m%d%H%M%S"), s);
  EXPECT_EQ(scan("1767323045.5", "%s.%f"), s + 500'000'000);
  EXPECT_EQ(scan("-1.25", "%s.%f"), -1'250'000'000);
  EXPECT_EQ(scan("100% 2026-01-02 03:04:05", "100%% %F\t%T"), std::nullopt);
  EXPECT_EQ(scan("100% 2026-01-02 03:04:05", "100%%%n%F%t%T"), s);
  for (const std::string_view wrong : {"2026-01-02", "2026-01-02 03:04:05 ", "2026-13-02 03:04:05",
                                       "2026-02-30 03:04:05", "x", ""}) {
    EXPECT_EQ(scan(wrong, "%Y-%m-%d %H:%M:%S"), std::nullopt) << wrong;
  }
}

TEST(scan_time, a_missing_year_is_the_nearest) {
  constexpr std::int64_t january_1st = 1'767'225'600 * ns_per_second;  // 2026
  EXPECT_EQ(scan_time("Dec 31 23:59:59", "%b %d %T", january_1st), january_1st - ns_per_second);
  EXPECT_EQ(scan_time("Jan 02 00:00:00", "%b %d %T", january_1st), january_1st + ns_per_day);
  EXPECT_FALSE(names_a_day("%H:%M:%S"));
  EXPECT_TRUE(names_a_day("%b %e"));
}

RC_GTEST_PROP(scan_time, reads_what_format_time_writes, (std::int64_t any)) {
  const std::int64_t ns = any % (ns_per_day * 36'500);  // 1870 to 2069
  for (const std::string_view format :
       {"%Y-%m-%d %H:%M:%S.%N", "%A %d %B %Y %I:%M:%S.%N %p %z", "%j/%Y %T.%N %Z"}) {
    std::string text;
    format_time(ns, format, text);
    RC_ASSERT(scan_time(text, format, 0) == ns);
  }
}

TEST(parse_syslog_time, klog_has_no_year_either) {
  constexpr std::int64_t s = 1'767'323'045 * ns_per_second;
  EXPECT_EQ(parse_syslog_time("0102 03:04:05.678", s), s + 678'000'000);
  EXPECT_EQ(parse_syslog_time("0102 03:04:05", s - 7 * ns_per_day), s);
  EXPECT_EQ(parse_syslog_time("1302 03:04:05", s), std::nullopt);
}

TEST(parse_time, an_epoch_tells_its_unit_by_its_magnitude) {
  constexpr std::int64_t s = 1'700'000'000 * ns_per_second;
  EXPECT_EQ(parse_time("1700000000"), s);
  EXPECT_EQ(parse_time("1700000000123"), s + 123'000'000);
  EXPECT_EQ(parse_time("1700000000123456"), s + 123'456'000);
  EXPECT_EQ(parse_time("1700000000123456789"), s + 123'456'789);
  EXPECT_EQ(parse_time("1700000000.123456789"), s + 123'456'789);
  EXPECT_EQ(parse_time("1700000000123.5"), s + 123'500'000);
  EXPECT_EQ(parse_time("-1.5"), -1'500'000'000);
  EXPECT_EQ(parse_time("-0.5"), -500'000'000);
  EXPECT_EQ(from_epoch(1'700'000'000.5), s + 500'000'000);
  EXPECT_EQ(from_epoch(1e300), std::nullopt);
}

TEST(parse_time, what_is_no_time_is_nothing) {
  for (const char* text : {"",
                           " ",
                           "x",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-01-02T",
                           "2026-01-02T25:00",
                           "2026-01-02T03:04:05+",
                           "2026-01-02T03:04:05+2",
                           "2026-01-02T03:04:05.",
                           "2026-1-2",
                           "2026/13/02 03:04:05",
                           "20260102 03:04:05:1234",
                           "Fri Jan 02 03:04:05",
                           "10/Foo/2000:13:55:36 -0700",
                           "10/Oct/2000",
                           "1..2",
                           "1.2.3",
                           "-",
                           ".",
                           "2300-01-01",
                           "1600-01-01",
                           "2026-01-02T03:04:05Zx",
                           "99999999999999999999"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(format_rfc3339, prints_the_shortest_exact_fraction) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(1'500'000'000), "1970-01-01T00:00:01.500Z");
  EXPECT_EQ(rfc3339(1'000'001'000), "1970-01-01T00:00:01.000001Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(rfc3339(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
}

RC_GTEST_PROP(format_rfc3339, parses_back, (std::int64_t ns)) {
  RC_ASSERT(parse_rfc3339(rfc3339(ns)) == ns);
}

RC_GTEST_PROP(format_time, agrees_with_the_c_library, (std::int64_t ns)) {
  constexpr auto format = "%Y-%m-%d %e %H %I %M %S %p %y %j %b %B %a %A %u %w %F %T %D %R %n%t%%";
  const std::time_t seconds = ns / ns_per_second - (ns % ns_per_second < 0 ? 1 : 0);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char expected[256];
  const std::size_t length = std::strftime(expected, sizeof expected, format, &parts);
  std::string got;
  format_time(ns, format, got);
  RC_ASSERT(got == std::string(expected, length));
}

TEST(format_time, has_fractions_and_the_epoch) {
  std::string out;
  format_time(1'700'000'000'123'456'789, "%s %L %f %N %z %Z %q %", out);
  EXPECT_EQ(out, "1700000000 123 123456 123456789 +0000 UTC %q %");
}

TEST(valid_time_format, names_the_first_unknown_directive) {
  std::string_view bad;
  EXPECT_TRUE(valid_time_format("%Y/%m %% x", bad));
  EXPECT_FALSE(valid_time_format("%Y %q", bad));
  EXPECT_EQ(bad, "%q");
  EXPECT_FALSE(valid_time_format("%", bad));
  EXPECT_EQ(bad, "%");
}

// Python's http.server, Airflow 2, Zabbix, Gin, Erlang's error_logger, NestJS
// (toLocaleString of en-US), Suricata's fast.log
TEST(Time, TheFormsOfSomePrograms) {
  const auto moment = parse_time("2026-01-02T09:14:07Z");
  for (const std::string_view text :
       {"02/Jan/2026 09:14:07", "2026-01-02, 09:14:07 UTC", "2026-01-02, 10:14:07 CET",
        "20260102:091407", "2026/01/02 - 09:14:07", "2-Jan-2026::09:14:07",
        "01/02/2026, 9:14:07 AM"}) {
    EXPECT_EQ(parse_time(text), moment) << text;
  }
  EXPECT_EQ(parse_time("20260102:091407.123"), parse_time("2026-01-02T09:14:07.123Z"));
  EXPECT_EQ(parse_time("01/02/2026-09:14:07.123456"), parse_time("2026-01-02T09:14:07.123456Z"));
  EXPECT_EQ(parse_time("1/2/2026, 9:14:07 PM"), parse_time("2026-01-02T21:14:07Z"));
}

TEST(Time, SlashesLeaveTheDayUnclear) {
  for (const std::string_view text :
       {"01/02/2026 09:14:07", "01/02/2026 9:14:07 AM", "01/02/2026, 09:14:07",
        "01/02/2026, 9:14:07 am", "13/02/2026, 9:14:07 AM", "01/02/2026-09:14:07", "2026-01-02,",
        "2026-01-02,09:14:07"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace weir
