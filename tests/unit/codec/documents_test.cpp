// Records that are no lines: JSON values and XML elements, cut out of documents.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "codec/framing_guess.hpp"
#include "record/json_grammar.hpp"
#include "unit/codec/cut_shard.hpp"

namespace weir::test {
namespace {

TEST(documents, are_cut_by_structure_not_by_lines) {
  const cut_shard got = cut({"{\"a\":1}{\"b\":\n 2}\n\n\x1e{\"c\":\"}{\"}\n"}, json_at(""));
  EXPECT_EQ(texts(got), (strings{"{\"a\":1}", "{\"b\":\n 2}", "{\"c\":\"}{\"}"}));
  EXPECT_EQ(got.records[1].offset, 7u);
  EXPECT_EQ(got.records[2].number, 3u);
  EXPECT_EQ(got.stops.back().at, (position{30, 3}));
}

TEST(documents, give_the_elements_of_an_array_as_they_stand) {
  const cut_shard got =
      cut({R"({"v":[{"Records":[1]}],"Records": [ {"a" : 1} ,{"b":[{}]}, 7],"n":{}})"},
          json_at("Records"));
  EXPECT_EQ(texts(got), (strings{R"({"a" : 1})", R"({"b":[{}]})", "7"}));
  EXPECT_EQ(got.records[0].offset, 36u);
}

TEST(documents, may_be_an_array) {
  EXPECT_EQ(texts(cut({"\xef\xbb\xbf [ {}, {\"a\":[]} ] "}, json_at(""))),
            (strings{"{}", "{\"a\":[]}"}));
}

TEST(documents, may_lie_one_behind_the_other) {
  EXPECT_EQ(texts(cut({R"({"r":[{"a":1}]}{"r":null}{"r":[]}[{"r":[{"a":3}]}])"}, json_at("r"))),
            (strings{R"({"a":1})", R"({"a":3})"}));
}

TEST(documents, give_members_in_front_of_the_array_to_its_records) {
  const cut_shard got =
      cut({R"({"o":"x","p":{"q":[1,2]},"z":0,"r":[{"a":1},{ },{"o":2}]} {"r":[{"a":3}],"o":1})"},
          json_at("r", {"o", "p"}));
  EXPECT_EQ(texts(got),
            (strings{R"({"a":1,"o":"x","p":{"q":[1,2]}})", R"({ "o":"x","p":{"q":[1,2]}})",
                     R"({"o":2,"p":{"q":[1,2]}})", R"({"a":3})"}));
  EXPECT_EQ(got.records[0].raw, R"({"a":1})");
}

TEST(documents, have_arrays_on_the_way) {
  framing how = json_at("resourceLogs.scopeLogs.logRecords", {"resource", "scope"});
  how.loose_names = true;
  const cut_shard got = cut(
      {R"({"resourceLogs":[{"resource":{"r":1},"scope_logs":[{"scope":{"s":1},"logRecords":[{"a":1}]},)",
       R"({"logRecords":[{"a":2}]}]},{"scopeLogs":[{"scope":3,"log_records":[{"a":3}]}]}]})"},
      how);
  EXPECT_EQ(texts(got), (strings{R"({"a":1,"resource":{"r":1},"scope":{"s":1}})",
                                 R"({"a":2,"resource":{"r":1}})", R"({"a":3,"scope":3})"}));
}

TEST(documents, without_the_array_are_rejects) {
  const cut_shard got = cut({R"({"records":[{}]} {"Records":[{"a":1}]})"}, json_at("Records"));
  EXPECT_EQ(living(got), (strings{R"({"a":1})"}));
  EXPECT_EQ(reasons(got), (strings{"no array of records in the document"}));
  EXPECT_EQ(got.records[0].raw, R"({"records":[{}]})");
}

TEST(documents, that_end_early_are_rejects) {
  EXPECT_EQ(reasons(cut({R"({"r":[{"a":1},{"b":"x)"}, json_at("r"))),
            (strings{"the document ends early"}));
  const cut_shard open = cut({R"({"r":[{"a":1},)"}, json_at("r"));
  EXPECT_EQ(living(open), (strings{R"({"a":1})"}));
  EXPECT_EQ(reasons(open), (strings{"the document ends early"}));
  EXPECT_EQ(open.records[1].offset, 14u);
  EXPECT_TRUE(reasons(cut({"[{}]"}, json_at(""))).empty());
}

TEST(documents, that_are_a_part_of_a_byte_order_mark_are_none) {
  const cut_shard got = cut({"\xef\xbb"}, json_at(""));
  ASSERT_EQ(got.records.size(), 1u);
  EXPECT_EQ(got.records[0].raw, "\xef\xbb");
}

TEST(documents, that_may_grow_stay_unread_from_where_they_are_open) {
  const cut_shard got =
      cut({"{\"a\":1}\n{\"b\":"}, json_at(""), framing_options{.hold_unterminated = true});
  EXPECT_EQ(texts(got), (strings{"{\"a\":1}"}));
  EXPECT_EQ(got.stops.back().at, (position{7, 1}));
}

TEST(documents, lose_only_the_element_that_is_broken) {
  const strings others{R"({"a":1,"s":"x"})", R"({"a":3})"};
  for (const char* const broken :
       {R"({"a":2,"s":"x})", R"({"a":2,"s":x"})", R"({"a":2,"s":"say "hi" there"})", R"({"a":2]})",
        R"({"a":[2})", R"({"a":{"b":2})", R"({"a" 2})", R"({"a":2 "b":3})", "{\"a\":\"x\n\"}",
        R"({"a":'x'})", R"({"a":2,"r":[{"x":1},{"x":2}],b})"}) {
    const auto text = "{\"r\":[" + others[0] + "," + broken + ", " + others[1] + "]}";
    const cut_shard got = cut({text}, json_at("r"));
    EXPECT_EQ(living(got), others) << text;
    EXPECT_EQ(got.records.size(), 3u) << text;
  }
}

TEST(documents, go_on_behind_a_broken_one) {
  EXPECT_EQ(living(cut({"{\"a\":1,\n\"b\":\"x\n{\"a\":2}\n{\"c\":3}\n"}, json_at(""))),
            (strings{"{\"a\":2}", "{\"c\":3}"}));
  EXPECT_EQ(living(cut({"\x1e{\"a\":\x1e{\"b\":2}\n"}, json_at(""))), (strings{"{\"b\":2}"}));
  EXPECT_EQ(living(cut({R"({"r":[{"a":"x]}{"r":[{"b":1}]})"}, json_at("r"))), (strings{}));
  EXPECT_EQ(living(cut({"{\"r\":[{\"a\":\"x]}\n{\"r\":[{\"b\":1}]}"}, json_at("r"))),
            (strings{R"({"b":1})"}));
}

TEST(documents, have_limits) {
  const std::string deep(2000, '[');
  const cut_shard got =
      cut({R"([{"a":"0123456789"},{"b":1}])"}, json_at(""), framing_options{.max_line_bytes = 10});
  EXPECT_EQ(living(got), (strings{R"({"b":1})"}));
  EXPECT_EQ(reasons(got), (strings{"record longer than max_line"}));
  EXPECT_EQ(reasons(cut({"{\"a\":" + deep}, json_at(""))), (strings{"nested too deep"}));
}

/// Documents with all that matters to cutting.
std::string some_documents() {
  static const strings pieces{R"({"r":[)",
                              R"({"a":1})",
                              R"({"a":"\"}{ü"})",
                              R"({"a":[{"b":2},{"b":3}]})",
                              ",",
                              ", \n",
                              "]}",
                              "\n{\"r\":[",
                              "{\"o\":\"x\",\"r\":[",
                              "\"",
                              "}",
                              "{",
                              "\x1e",
                              "x",
                              " ",
                              "\\",
                              "[",
                              R"({"a":"x})",
                              "]"};
  return some_of(pieces);
}

RC_GTEST_PROP(documents, are_cut_alike_however_the_bytes_are_split, ()) {
  const std::string all = some_documents();
  const framing how = json_at(*rc::gen::element("", "r"), {"o"});
  const framing_options options{.max_line_bytes = *rc::gen::element<std::uint64_t>(8, 1 << 20)};
  check_any_split(all, how, options);
}

RC_GTEST_PROP(documents, go_on_wherever_a_run_stopped, ()) {
  const std::string all = some_documents();
  const framing how = json_at(*rc::gen::element("", "r"), {"o"});
  const cut_shard whole = cut(split_every(all, 7), how);
  for (const stop& s : whole.stops) check_going_on(all, how, {}, s, whole);
}

RC_GTEST_PROP(documents, account_for_every_byte_in_order, ()) {
  const std::string all = some_documents();
  std::uint64_t read_to = 0;
  for (const cut_record& r : cut({all}, json_at("")).records) {
    RC_ASSERT(r.offset >= read_to);
    RC_ASSERT(all.substr(r.offset, r.raw.size()) == r.raw);
    const std::string between = all.substr(read_to, r.offset - read_to);
    RC_ASSERT(between.find_first_not_of(" \n,\x1e[]") == between.npos);
    read_to = r.offset + r.raw.size();
  }
}

TEST(elements, are_found_wherever_they_stand) {
  const cut_shard got = cut(
      {"<?xml version=\"1.0\"?><Events><!-- <Event> --><Event a='>'><x b=\"</Event>\"/></Event>\n",
       "Record 2\n<Event/><Events2/><Event><![CDATA[</Event>]]></Event ></Events>"},
      events);
  EXPECT_EQ(texts(got), (strings{"<Event a='>'><x b=\"</Event>\"/></Event>", "<Event/>",
                                 "<Event><![CDATA[</Event>]]></Event >"}));
}

TEST(elements, that_are_not_closed_are_rejects) {
  const cut_shard got = cut({"<Event><a><Event>1</Event><Event>"}, events);
  EXPECT_EQ(living(got), (strings{"<Event>1</Event>"}));
  EXPECT_EQ(reasons(got), (strings{"an element that is not closed", "the document ends early"}));
  EXPECT_EQ(got.records[0].raw, "<Event><a>");
  EXPECT_EQ(reasons(cut({"<Other/>"}, events)), (strings{"none of the elements looked for"}));
  EXPECT_TRUE(reasons(cut({" \n"}, events)).empty());
}

RC_GTEST_PROP(elements, are_cut_alike_however_the_bytes_are_split, ()) {
  static const strings pieces{"<Event>", "</Event>", "<Event/>",  "<a b='>'>", "<!--",
                              "-->",     "-",        "<![CDATA[", "]]>",       "]",
                              "x",       "<",        ">",         "<?x ?>",    "\""};
  std::string all;
  const int count = *rc::gen::inRange(0, 30);
  for (int i = 0; i < count; ++i) all += *rc::gen::elementOf(pieces);
  const cut_shard whole = cut({all}, events);
  RC_ASSERT(cut(split_every(all, 1), events).records == whole.records);
  RC_ASSERT(cut(split_every(all, 3), events).records == whole.records);
}

/// What all of `text` is taken for; any beginning of it says the same, or nothing yet.
std::string guessed(const std::string& text) {
  const auto name = [](const framing_guess& g) {
    return std::string{g.documents == nullptr ? "lines" : g.documents->name};
  };
  const std::string whole = name(*guess_framing(text, true));
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto early = guess_framing(std::string_view{text}.substr(0, size), false);
    EXPECT_EQ(early ? name(*early) : whole, whole) << text.substr(0, size);
  }
  return whole;
}

TEST(layouts, are_told_by_the_beginning) {
  EXPECT_EQ(guessed("{\"a\":1}\n{\"b\":2}\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":1}"), "lines");
  EXPECT_EQ(guessed("{\"a\":1}{\"b\":2}\n"), "json");
  EXPECT_EQ(guessed("\n{\n  \"a\": 1\n}\n"), "json");
  EXPECT_EQ(guessed("[\n  {\"a\": 1}]"), "json");
  EXPECT_EQ(guessed("\x1e{}"), "json");
  EXPECT_EQ(guessed("[2026-01-02] x\n"), "lines");
  EXPECT_EQ(guessed("[{x} y]\n"), "lines");
  EXPECT_EQ(guessed("{\"Records\": [{\"a\":1}]}"), "Records");
  EXPECT_EQ(guessed("{\"Records\":1}\n"), "lines");
  EXPECT_EQ(guessed("{\n\"records\":[\n{}]}"), "records");
  EXPECT_EQ(guessed("{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]}"), "logEvents");
  EXPECT_EQ(guessed("{\"messageType\":\"x\"}\n"), "lines");
  EXPECT_EQ(guessed("{\"resourceLogs\":[{}]}\n"), "otlp");
  EXPECT_EQ(guessed("\xef\xbb\xbf<Events><Event/></Events>"), "windows_event");
  EXPECT_EQ(guessed("<?xml version=\"1.0\"?>\n<Event xmlns='x'></Event>"), "windows_event");
  EXPECT_EQ(guessed("<34>Oct 11 22:14:15 host su: x\n"), "lines");
  EXPECT_EQ(guessed("<Eventually>"), "lines");
  EXPECT_EQ(guessed("7 <34>a b5 <1>cd"), "syslog");
  EXPECT_EQ(guessed("\n7 <34>a b\n5 <1>cd\n"), "syslog");
  EXPECT_EQ(guessed("7 <34>a b"), "syslog");
  EXPECT_EQ(guessed("7 <34>a\n5 <1>cd\n"), "lines");
  EXPECT_EQ(guessed("7 <34>a"), "lines");
  EXPECT_EQ(guessed("7 <b>a c\n"), "lines");
  EXPECT_EQ(guessed("2026 <34>\n"), "lines");
  EXPECT_EQ(guessed("1767345247 x\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":\"x\n{\"b\":2}\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":1,\n{\"b\":2}\n"), "lines");
  EXPECT_EQ(guessed("{\"config\":\n2026-01-02 INFO x\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":\n1} odd\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":1}, odd\n"), "lines");
  EXPECT_EQ(guessed("{\"a\":1},\n{\"b\":2},\n"), "json");
  EXPECT_EQ(guessed("[{\"a\":1}] odd\n"), "lines");
  EXPECT_EQ(guessed("[{\"a\":1} odd\n"), "lines");
  EXPECT_EQ(guessed("[{\"a\":1}, odd\n"), "lines");
  EXPECT_EQ(guessed("[{\"a\":1},\n{\"a\":2}"), "json");
  EXPECT_EQ(guessed("\x1e odd\n"), "lines");
  EXPECT_EQ(guessed("{x}\n"), "lines");
  EXPECT_EQ(guessed(""), "lines");
}

}  // namespace
}  // namespace weir::test
