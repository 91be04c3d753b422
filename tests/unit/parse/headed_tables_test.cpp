#include "parse/headed_tables.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/time.hpp"
#include "parse/headed_formats.hpp"
#include "parse/table_parser.hpp"
#include "record/record_time.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

using strings = std::vector<std::string>;

/// What a run makes of lines: records, rejects and what it keeps, in batches as they come out.
struct reading {
  std::vector<strings> batches;
  strings rejects;
  strings states;  ///< one for each run
};

stream one_batch(batch b) {
  co_yield b;
}

reading read(const headed_format& format, std::string_view text, bool lenient = false,
             position from = {}, const std::string& kept = {}) {
  const auto pool = test::new_pool();
  context with{.pool = pool};
  with.parser_state = [kept](const shard&) { return kept; };
  const auto tables =
      std::make_shared<headed_tables>([&](const shard&) { return unowned(format); }, with);
  line_parsing parse(std::make_unique<table_parser>(tables, table_settings{.lenient = lenient}),
                     pool, test::parse_stage, false);
  stream out = under_headers(
      one_batch(test::lines_of(text, pool, nullptr, from)), tables, [&](batch& b) { parse(b); },
      &with);
  reading all;
  while (const batch* const b = out.next(pull{})) {
    all.batches.push_back(test::written(*b));
    for (const reject_entry& e : b->rejects()) {
      all.rejects.push_back(std::string{e.why} + " @ " + std::to_string(e.at));
    }
    for (const run& r : b->runs()) all.states.push_back(r.parser_state ? *r.parser_state : "");
  }
  return all;
}

/// The only record, or why it is rejected.
std::string outcome(const headed_format& format, std::string_view text, bool lenient = false) {
  const reading r = read(format, text, lenient);
  return r.rejects.empty() ? r.batches.back().back() : r.rejects.back();
}

TEST(HeadedTables, AreCutWhereTheHeaderChanges) {
  const reading r = read(w3c_format(), "#Fields: a\n1\n2\n#Fields: b\n3\n#Fields: b\n4\n");
  EXPECT_EQ(r.batches, (std::vector<strings>{{R"({"a":"1"})", R"({"a":"2"})"},
                                             {R"({"b":"3"})", R"({"b":"4"})"}}));
  EXPECT_EQ(r.states, (strings{"1\n#Fields: a", "4\n#Fields: b"}));
}

TEST(HeadedTables, StretchesOfDifferentHeadersStayApartWhenTheyAreHeldTogether) {
  const auto pool = test::new_pool();
  const auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a"});
  batch held(pool);
  position at;
  for (const char* state : {"A", "A", "B"}) {
    static std::map<std::string, std::shared_ptr<const std::string>> states;
    auto& kept = states[state];
    if (!kept) kept = std::make_shared<const std::string>(state);
    batch one = test::lines_of("x\n", pool, of, at);
    one.runs()[0].parser_state = kept;
    at = one.runs()[0].to;
    held.absorb(one, batch::absorb_limit{});
  }
  ASSERT_EQ(held.runs().size(), 2u);
  EXPECT_EQ(held.runs()[0].to.number, 2u);
  EXPECT_EQ(*held.runs()[0].parser_state, "A");
  EXPECT_EQ(*held.runs()[1].parser_state, "B");
}

TEST(HeadedTables, GoOnWithTheHeaderThatWasKept) {
  const std::string kept = "4\n#Fields: b";
  EXPECT_EQ(read(w3c_format(), "5\n", false, {.offset = 30, .number = 6}, kept).batches,
            (std::vector<strings>{{R"({"b":"5"})"}}));
  EXPECT_EQ(read(w3c_format(), "5\n", false, {.offset = 10, .number = 2}, kept).rejects,
            (strings{"no header in front of the record @ 0"}))
      << "a header behind the place where reading goes on says nothing of it";
}

TEST(HeadedTables, AHeaderThatACheckpointCannotHoldReadsNothing) {
  const std::string text = "#Fields: " + std::string(70'000, 'a') + "\n1\n";
  const strings refused{"the header is too long or not UTF-8 @ 0"};
  EXPECT_EQ(read(w3c_format(), text).rejects, refused);
  EXPECT_EQ(read(w3c_format(), "1\n", false, {.number = 1}, "1\n").rejects, refused);
  EXPECT_EQ(read(w3c_format(), "#Fields: \xff\n1\n").rejects, refused);
}

TEST(HeadedTables, AreStrictUnlessLenient) {
  const std::string header = "#Fields: a sc-status\n";
  EXPECT_EQ(outcome(w3c_format(), header + "x 7 y"), "more fields than columns @ 4");
  EXPECT_EQ(outcome(w3c_format(), header + "x"), "fewer fields than columns @ 1");
  EXPECT_EQ(outcome(w3c_format(), header + "x y"), "a value is not of the column's type @ 2");
  EXPECT_EQ(outcome(w3c_format(), header + "x y  z a", true),
            R"({"a":"x","sc-status":"y","rest":"z a"})");
  EXPECT_EQ(outcome(w3c_format(), header + "x", true), R"({"a":"x"})");
}

TEST(W3c, TakesBlanksTabsAndQuotes) {
  const std::string header = "#Fields:  a \tb  c\n";
  EXPECT_EQ(outcome(w3c_format(), header + "1   2 3 "), R"({"a":"1","b":"2","c":"3"})");
  EXPECT_EQ(outcome(w3c_format(), header + "1\t\t3 4"), R"({"a":"1","c":"3 4"})");
  EXPECT_EQ(outcome(w3c_format(), header + R"("a ""b""" "-" c"d)"),
            R"({"a":"a \"b\"","b":"-","c":"c\"d"})");
}

// The example of the draft, https://www.w3.org/TR/WD-logfile, and the form that IIS writes.
TEST(W3c, TimesWithoutAColumnOfDatesAreOfTheDayInFront) {
  const reading r = read(w3c_format(),
                         "#Version: 1.0\n#Date: 12-Jan-1996 00:00:00\n#Fields: time cs-method\n"
                         "00:34:23 GET\n#Date: 2026-01-13 08:00:00\n12:21:16 GET\n"
                         "#Date: soon\n12:21:17 GET\n");
  EXPECT_EQ(r.batches,
            (std::vector<strings>{
                {R"({"time":"00:34:23","cs-method":"GET","timestamp":"1996-01-12T00:34:23Z"})"},
                {R"({"time":"12:21:16","cs-method":"GET","timestamp":"2026-01-13T12:21:16Z"})"},
                {R"({"time":"12:21:17","cs-method":"GET"})"}}));
  EXPECT_EQ(outcome(w3c_format(), "#Date: 2026-01-12\n#Fields: date time\n2026-01-13 01:02:03"),
            R"({"date":"2026-01-13","time":"01:02:03","timestamp":"2026-01-13T01:02:03Z"})");
}

// Microsoft, "Message tracking" and "Protocol logging": "comma-separated value (CSV)", with the
// fields in `#Fields:`; of a session's events `-` is the disconnection.
TEST(W3c, ExchangePutsCommasBetweenFields) {
  const std::string header =
      "#Software: Microsoft Exchange Server\n#Version: 15.02.1118.020\n"
      "#Log-type: SMTP Receive Protocol Log\n#Date: 2026-01-02T09:00:00.123Z\n"
      "#Fields: date-time,connector-id,sequence-number,event,data,context\n";
  EXPECT_EQ(
      outcome(w3c_format(), header + R"(2026-01-02T09:14:07.123Z,EX1\Default EX1,12,-,,Local)"),
      R"({"date-time":"2026-01-02T09:14:07.123Z","connector-id":"EX1\\Default EX1",)"
      R"("sequence-number":12,"event":"-","context":"Local"})");
  EXPECT_EQ(outcome(w3c_format(), header + R"(2026-01-02T09:14:07.123Z,,0,>,"a, ""b""",)"),
            R"({"date-time":"2026-01-02T09:14:07.123Z","sequence-number":0,"event":">",)"
            R"("data":"a, \"b\""})");
}

// pfirewall.log, as Microsoft's documentation shows it.
TEST(W3c, TheFirewallOfWindowsHasNumbers) {
  EXPECT_EQ(outcome(w3c_format(),
                    "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n"
                    "#Fields: action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn "
                    "tcpack tcpwin icmptype icmpcode info path\n"
                    "ALLOW UDP 10.40.4.182 10.40.1.11 63064 53 0 - - - - - - - SEND"),
            R"({"action":"ALLOW","protocol":"UDP","src-ip":"10.40.4.182","dst-ip":"10.40.1.11",)"
            R"("src-port":63064,"dst-port":53,"size":0,"path":"SEND"})");
}

TEST(Zeek, ReadsTypesListsAndEscapes) {
  const std::string header =
      "#separator \\x09\n#set_separator\t;\n#empty_field\t(none)\n#unset_field\t?\n"
      "#fields\tt\tb\tn\ts\tl\n#types\ttime\tbool\tset[count]\tstring\tvector[string]\n";
  EXPECT_EQ(outcome(zeek_format(), header + "1.50\tF\t1;2\t\\x41\\\\x\\xff?\ta;\\x3b"),
            R"({"t":1.50,"b":false,"n":[1,2],"s":"\\x41\\\\x\\xff?","l":["a",";"]})")
      << "a byte that is no UTF-8 leaves its text as it was";
  EXPECT_EQ(outcome(zeek_format(), header + "?\t?\t(none)\t(none)\ta"),
            R"({"n":[],"s":"","l":["a"]})");
  EXPECT_EQ(outcome(zeek_format(), header + "1\ttrue\t1\ta\ta"),
            "a value is not of the column's type @ 2");
  EXPECT_EQ(outcome(zeek_format(), header + "1\tT\t1;x\ta\ta"),
            "a value is not of the column's type @ 6");
  EXPECT_EQ(outcome(zeek_format(), "#fields\ta\tb\n#types\tcount\n1\t2"),
            "#types and #fields differ in number @ 0");
}

TEST(VpcFlow, TakesItsHeaderOrTheFieldsOfVersion2) {
  const std::string line = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 3 4 1418530010 1418530070 ACCEPT OK";
  const reading r = read(vpc_flow_format(), line + "\nsrcaddr log-status\n10.0.0.1 SKIPDATA\n");
  EXPECT_EQ(r.batches[1], strings{R"({"srcaddr":"10.0.0.1","log_status":"SKIPDATA"})"});
  batch b = test::lines_of(r.batches[0][0]);
  for (weir::record& each : b) each.set_shape(shape::json);
  const weir::record* const first = &*b.begin();
  EXPECT_EQ(first->text().substr(0, 30), R"({"version":2,"account_id":"1",)");
  EXPECT_EQ(time_of(*first), 1418530010 * ns_per_second);
}

}  // namespace
}  // namespace weir
