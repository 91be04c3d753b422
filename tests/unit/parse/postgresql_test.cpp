#include "parse/postgresql.hpp"

#include <gtest/gtest.h>

#include "parse/postgresql_line.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line) {
  return test::outcome_of(std::make_unique<postgresql_parser>(), line);
}

std::string front(std::string_view prefix) {
  const std::string got =
      read(std::string{"2026-01-02 09:14:07.123 UTC"}.append(prefix) + "LOG:  ok");
  const std::string time = R"({"time":"2026-01-02 09:14:07.123 UTC",)";
  const std::string rest = R"("level":"LOG","message":"ok"})";
  EXPECT_TRUE(got.starts_with(time) && got.ends_with(rest)) << got;
  return got.substr(time.size(), got.size() - time.size() - rest.size());
}

// The prefixes of PostgreSQL's documentation ("log_line_prefix"), of pgBadger's, of Debian's and
// of the clouds' defaults.
TEST(Postgresql, PrefixesAreReadAsPeopleHaveThem) {
  const std::string login = R"("user":"ana","database":"shop",)";
  EXPECT_EQ(front(" [1187] "), R"("pid":1187,)");
  EXPECT_EQ(front(" [1187] ana@shop "), R"("pid":1187,)" + login);
  EXPECT_EQ(front(" [1187-3] ana@shop "), R"("pid":1187,"line":3,)" + login);
  EXPECT_EQ(front(" [1187] ana@shop/psql "), R"("pid":1187,)" + login + R"("application":"psql",)");
  EXPECT_EQ(
      front(" [1187]: [3-1] user=ana,db=shop,app=My App - x,client=10.0.0.7 "),
      R"("pid":1187,"line":3,)" + login + R"("application":"My App - x","client":"10.0.0.7",)");
  EXPECT_EQ(front(" [1187]: user=,db=,app=,client= "), R"("pid":1187,)");
  EXPECT_EQ(front(" [1187] [user=ana,db=shop,app=[unknown]] "),
            R"("pid":1187,)" + login + R"("application":"[unknown]",)");
  EXPECT_EQ(front(":10.0.0.7(51234):ana@shop:[1187]:"),
            R"("pid":1187,)" + login + R"("client":"10.0.0.7","port":51234,)");
  EXPECT_EQ(front(":fe80::1(51234):ana@shop:[1187]:"),
            R"("pid":1187,)" + login + R"("client":"fe80::1","port":51234,)");
  EXPECT_EQ(front("-5f3c1a2b.1a2b-"), R"("session":"5f3c1a2b.1a2b",)");
  EXPECT_EQ(front(" [local] 42P01 "), R"("client":"[local]","code":"42P01",)");
  EXPECT_EQ(front(" [1187] replica one "), R"("prefix":" [1187] replica one ","pid":1187,)");
}

// The words are of the catalogues that PostgreSQL 15 comes with: de, fr, ru, ko, zh_CN.
TEST(Postgresql, OtherLanguagesHaveTheEnglishNames) {
  const std::string front = "2026-01-02 09:14:07.123 CET [1187] ana@shop ";
  const auto error = [&front](const std::string& text) {
    const std::string whole = front + text;
    const auto line = read_postgresql_line(whole);
    if (!line) return std::string{"none"};
    return std::string{line->level} + "|" + std::string{line->prefix} + "|" +
           std::string{line->message};
  };
  const std::string prefix = "| [1187] ana@shop |";
  EXPECT_EQ(error("FEHLER:  Relation »x« existiert nicht"),
            "ERROR" + prefix + "Relation »x« existiert nicht");
  EXPECT_EQ(error("ANWEISUNG:  select 1"), "STATEMENT" + prefix + "select 1");
  EXPECT_EQ(error("ERREUR:  la relation"), "ERROR" + prefix + "la relation");
  EXPECT_EQ(error("INSTRUCTION :  select 1"), "STATEMENT" + prefix + "select 1");
  EXPECT_EQ(error("ОШИБКА:  x"), "ERROR" + prefix + "x");
  EXPECT_EQ(error("СООБЩЕНИЕ:  x"), "LOG" + prefix + "x");
  EXPECT_EQ(error("명령 구문:  select 1"), "STATEMENT" + prefix + "select 1");
  EXPECT_EQ(error("致命错误:  x"), "FATAL" + prefix + "x");
  EXPECT_EQ(error("PROGRAMMFEHLER:  x"), "none");
}

TEST(Postgresql, RefusesWhatIsNone) {
  for (const char* line :
       {"LOG:  no time", "2026-01-02 09:14:07 LOG:  no zone", "2026-01-02 09:14:07 UTC [1] x",
        "2026-01-02 09:14:07 UTC what is this ERROR: one blank", "2026-01-02 09:14 UTC LOG:  x"}) {
    EXPECT_EQ(read(line), "no line of PostgreSQL @ 0") << line;
  }
  EXPECT_NE(read("1767345247.123 [1187] LOG:  an epoch").find(R"("pid":1187)"), std::string::npos);
}

/// A million bytes of them would take from half a minute to hours if each had all behind it looked
/// at.
TEST(Postgresql, APrefixIsWalkedOnce) {
  for (const std::string_view often : {" ", "x ", "a= ", "[1"}) {
    std::string line = "2026-01-02 09:14:07.123 UTC [12] x=";
    while (line.size() < 1'000'000) line += often;
    EXPECT_TRUE(read(line + "y LOG:  hi").ends_with(R"("level":"LOG","message":"hi"})")) << often;
  }
}

TEST(Postgresql, TheLevelStandsBehindFewColons) {
  const auto behind = [](int colons) {
    std::string line = "2026-01-02 09:14:07 UTC ";
    for (int i = 0; i < colons; ++i) line += "a: ";
    return read_postgresql_line(line + "LOG:  x").has_value();
  };
  EXPECT_TRUE(behind(10));
  EXPECT_FALSE(behind(1000));
}

TEST(Postgresql, AColonAndAWordInThePrefixAreNoLevel) {
  EXPECT_EQ(front(" [1187] app=a: b,db=c "), R"("pid":1187,"database":"c","application":"a: b",)");
}

}  // namespace
}  // namespace weir
