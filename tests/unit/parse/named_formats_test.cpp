#include "parse/named_formats.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "expr/severity.hpp"
#include "record/record_time.hpp"
#include "unit/one_record.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view format, std::string_view line, bool lenient = false) {
  return test::outcome_of(parser_of(named_format_called(format), {.lenient = lenient})(), line);
}

TEST(NamedFormats, EachReadsItsSample) {
  for (const named_format& f : named_formats()) {
    EXPECT_EQ(read(f.name, f.sample), f.becomes) << f.name;
  }
}

TEST(NamedFormats, EachFindsTheTimeOfItsSample) {
  for (const named_format& f : named_formats()) {
    const batch b = test::parsed(parser_of(f)(), f.sample);
    EXPECT_TRUE(time_of(*b.begin())) << f.name;
  }
}

TEST(NamedFormats, EachFindsTheLevelIfItsSampleHasOne) {
  for (const named_format& f : named_formats()) {
    const batch b = test::parsed(parser_of(f)(), f.sample);
    const bool has_level = f.becomes.find("\"level\":") != f.becomes.npos;
    EXPECT_EQ(expr::level_of(*b.begin()).has_value(), has_level) << f.name;
  }
}

TEST(NamedFormats, NoneTakesTheSampleOfAnother) {
  for (const named_format& f : named_formats()) {
    if (f.name == "plain") continue;  // which is made to
    for (const named_format& other : named_formats()) {
      if (&f == &other) continue;
      EXPECT_EQ(read(f.name, other.sample).find("{\""), std::string::npos)
          << f.name << " of " << other.name;
    }
  }
}

TEST(NamedFormats, ALayoutIsStrictUnlessLenient) {
  const std::string line = std::string{named_format_called("elb").sample};
  EXPECT_EQ(read("elb", line + " more"), "text behind the last field @ 185");
  EXPECT_NE(read("elb", line + " more", true).find(R"("rest":"more")"), std::string::npos);
  EXPECT_EQ(read("elb", "yesterday" + line.substr(27)), "malformed time @ 0");
  EXPECT_EQ(read("elb", line.substr(0, 27) + " " + line.substr(27)), "expected a value @ 28");
  EXPECT_EQ(read("elb", line.substr(0, 40)), "the line does not go on as the format @ 34");
}

TEST(NamedFormats, OlderLinesEndBeforeTheOptionalFields) {
  const std::string line = std::string{named_format_called("elb").sample};
  const std::string old = line.substr(0, line.find(" \"curl"));
  EXPECT_EQ(read("elb", old).find("{\"time\""), 0u) << read("elb", old);
}

TEST(NamedFormats, TheFurtherLinesOfAJoinedRecordBelongToTheMessage) {
  for (const named_format& f : program_formats()) {
    testing::one_record joined{std::string{f.sample} + "\n\tat shop.Main", shape::text};
    line_parsing(parser_of(f)(), test::new_pool(), test::parse_stage, false)(joined.as_batch());
    std::string becomes{f.becomes};
    becomes.insert(becomes.size() - 2, R"(\n\tat shop.Main)");
    EXPECT_EQ(test::written(joined.as_batch()), std::vector{becomes}) << f.name;
  }
}

// As MySQL 8 and MariaDB 10.11 write them (sql/log.cc), with tabs.
TEST(NamedFormats, TheGeneralLogOfMySqlIsReadOfEachAge) {
  EXPECT_EQ(read("mysql_log", "2026-01-12T10:22:33.123456Z\t    8 Connect\troot@localhost on shop"),
            R"({"time":"2026-01-12T10:22:33.123456Z","thread":8,"command":"Connect",)"
            R"("message":"root@localhost on shop"})");
  EXPECT_EQ(read("mysql_log", "2026-01-12T10:22:34.123456Z\t    8 Statistics\t"),
            R"({"time":"2026-01-12T10:22:34.123456Z","thread":8,"command":"Statistics",)"
            R"("message":""})");
  EXPECT_EQ(read("mysql_log", "260112 10:22:36\t    31 Query\tshow databases"),
            R"({"time":"260112 10:22:36","thread":31,"command":"Query",)"
            R"("message":"show databases"})");
  EXPECT_EQ(read("mysql_log", "\t\t    31 Quit\t"),
            R"({"thread":31,"command":"Quit","message":""})");
}

// MariaDB's error log (sql/log.cc: `%4d-%02d-%02d %2d:%02d:%02d`).
TEST(NamedFormats, AnHourMayBePaddedWithABlank) {
  for (const std::string_view format : {"mysql_log", "plain"}) {
    const batch b = test::parsed(parser_of(named_format_called(format))(),
                                 "2026-11-30  9:01:03 0 [ERROR] mariadbd: boom");
    ASSERT_EQ(b.size(), 1u) << format;
    EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T09:01:03Z")) << format;
  }
  EXPECT_EQ(read("plain", "2026-11-30  9:01:03 ERROR x"),
            R"({"time":"2026-11-30  9:01:03","level":"ERROR","message":"x"})");
}

// As PHP's main/main.c writes them: php_log_err_with_severity, php_error_cb.
TEST(NamedFormats, PlainReadsTheErrorLogOfPhp) {
  struct line {
    std::string_view kind;
    expr::severity means;
  };
  for (const line& l :
       {line{"Fatal error", expr::severity::critical},
        line{"Parse error", expr::severity::critical},
        line{"Recoverable fatal error", expr::severity::error},
        line{"Warning", expr::severity::warn}, line{"Notice", expr::severity::notice},
        line{"Strict Standards", expr::severity::notice},
        line{"Deprecated", expr::severity::notice}}) {
    const std::string kind{l.kind};
    const std::string text = "[30-Nov-2026 10:01:03 UTC] PHP " + kind + ":  y in /a.php:3";
    EXPECT_EQ(read("plain", text), R"({"time":"30-Nov-2026 10:01:03 UTC","level":")" + kind +
                                       R"(","message":"y in /a.php:3"})");
    const batch b = test::parsed(parser_of(named_format_called("plain"))(), text);
    EXPECT_EQ(time_of(*b.begin()), parse_time("2026-11-30T10:01:03Z"));
    EXPECT_EQ(expr::level_of(*b.begin()), l.means) << kind;
  }
  EXPECT_EQ(read("plain", "[30-Nov-2026 10:01:03 UTC] cache: is cold"),
            R"({"time":"30-Nov-2026 10:01:03 UTC","message":"cache: is cold"})");
}

TEST(NamedFormats, APlaceThatNamesAZoneIsNoTimeRatherThanAWrongOne) {
  const std::string_view line = "[30-Nov-2026 10:01:03 Europe/Berlin] PHP Fatal error:  y";
  EXPECT_EQ(read("plain", line), R"({"time":"30-Nov-2026 10:01:03 Europe/Berlin",)"
                                 R"("level":"Fatal error","message":"y"})");
  const batch b = test::parsed(parser_of(named_format_called("plain"))(), line);
  EXPECT_EQ(time_of(*b.begin()), std::nullopt);
}

TEST(NamedFormats, KlogWithoutAYearIsNearTheFilesLastChange) {
  const std::string with_year =
      read("klog", "I20260102 09:14:07.692994 20 main.c++:9] Hello world!");
  EXPECT_NE(with_year.find(R"("time":"20260102 09:14:07.692994","thread":20)"), std::string::npos);
  EXPECT_EQ(read("klog", "I0000 09:14:07.692994 20 main.c++:9] x"),
            "the pattern does not match @ 0");
}

}  // namespace
}  // namespace weir
