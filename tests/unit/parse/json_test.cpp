#include "parse/json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "parse/json_strings.hpp"
#include "record/json_edit.hpp"
#include "record/json_find.hpp"
#include "record/json_grammar.hpp"
#include "unit/lines.hpp"

namespace weir {
namespace {

using test::lines_of;
using test::new_pool;
using test::texts;

const stage_id stage{first_rule, "json"};

batch parsed(std::string_view text, bool trust = false, std::size_t max_depth = json_depth) {
  const auto pool = new_pool();
  batch b = lines_of(text, pool);
  json_parser(pool, trust, max_depth, stage)(b);
  return b;
}

/// The verdict on one line, alone and between neighbours, which take different paths.
std::string verdict_on(const std::string& line, bool trust = false) {
  const std::string good = R"({"a":"b"})";
  const batch alone = parsed(line, trust);
  const batch between = parsed(good + "\n" + line + "\n" + good + "\n", trust);
  EXPECT_EQ(between.rejects().size(), alone.rejects().size()) << line;
  EXPECT_EQ(between.size(), 2 + alone.size()) << line;
  return alone.rejects().empty() ? "ok" : std::string{alone.rejects()[0].why};
}

TEST(Json, AcceptsObjectsAndKeepsTheirText) {
  const batch b = parsed("{\"a\":1}\n { \"b\" : [1, {\"c\":null}] } \n{}\n");
  EXPECT_EQ(texts(b),
            (std::vector<std::string>{"{\"a\":1}", " { \"b\" : [1, {\"c\":null}] } ", "{}"}));
  EXPECT_EQ(b.rejects().size(), 0u);
}

TEST(Json, SaysWhatIsWrongAndWhere) {
  const batch b = parsed("{\"a\":1}\n{\"a\":01}\n{\"b\":tru}\n");
  ASSERT_EQ(b.rejects().size(), 2u);
  EXPECT_EQ(b.rejects()[0].why, "malformed number");
  EXPECT_EQ(b.rejects()[0].at, 5u);
  EXPECT_EQ(b.rejects()[0].number, 2u);
  EXPECT_EQ(b.rejects()[1].why, "expected a value");
  EXPECT_EQ(b.rejects()[1].at, 5u);
}

TEST(Json, KeepsOtherLinesAsTextIfAskedTo) {
  batch b = lines_of("{\"a\":1}\nplain text\n{\"a\":\n{\"b\":2}\n", new_pool());
  json_parser(new_pool(), false, json_depth, stage, true)(b);
  std::string shapes;
  for (const record& r : b) shapes += r.shape() == shape::json ? 'j' : 't';
  EXPECT_EQ(shapes, "jttj");
  EXPECT_TRUE(b.rejects().empty());
}

TEST(Json, OnlyObjectsAreRecords) {
  for (const char* line : {"1", "\"a\"", "[]", "null", "true"}) {
    EXPECT_EQ(verdict_on(line), "not an object") << line;
  }
}

TEST(Json, CountsBlankLinesApart) {
  const batch b = parsed("{}\n\n  \t\n{}\n\r\n");
  EXPECT_EQ(b.size(), 2u);
  EXPECT_EQ(b.rejects().size(), 0u);
  std::size_t blanks = 0;
  for (const record& r : b.all()) blanks += r.fate() == blank;
  EXPECT_EQ(blanks, 3u);
}

TEST(Json, AcceptsWhatSimdjsonAloneWouldRefuse) {
  for (const char* line :
       {R"({"a":123456789012345678901234567890})", R"({"a":1e999})", R"({"a":"\ud800"})"}) {
    EXPECT_EQ(verdict_on(line), "ok") << line;
  }
}

TEST(Json, AnOddNumberOfQuotesSpoilsOnlyItsOwnLine) {
  const batch b = parsed("{\"a\":1}\n{\"a\":\"x}\n{\"b\":\"y}\n{\"c\":2}\n");
  EXPECT_EQ(texts(b), (std::vector<std::string>{"{\"a\":1}", "{\"c\":2}"}));
  EXPECT_EQ(b.rejects().size(), 2u);
}

TEST(Json, AnObjectDoesNotGoOnInTheNextLine) {
  const batch b = parsed("{\"a\":1,\n\"b\":2}\n{\"c\":[\n]}\n{\"d\":3}\n");
  EXPECT_EQ(texts(b), (std::vector<std::string>{"{\"d\":3}"}));
}

TEST(Json, DepthHasALimit) {
  const auto nested = [](std::size_t depth) {
    return std::string("{\"a\":") + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(verdict_on(nested(64)), "ok");
  EXPECT_EQ(verdict_on(nested(65)), "ok");
  EXPECT_EQ(verdict_on(nested(1024)), "ok");
  EXPECT_EQ(verdict_on(nested(1025)), "nested too deeply");
  EXPECT_EQ(verdict_on(nested(1'000'000)), "nested too deeply");
  EXPECT_EQ(parsed(nested(9) + "\n" + nested(8) + "\n" + nested(8), false, 8).size(), 2u);
}

TEST(Json, TrustChecksNoMoreThanItSays) {
  for (const char* line : {R"({"a":01,})", R"({"a" "b"})", R"({"a":"\q"})", "{\"a\":\"\x01\"}"}) {
    EXPECT_EQ(verdict_on(line, true), "ok") << line;
  }
  EXPECT_EQ(verdict_on("{\"a\":\"x}", true), "string without end");
  EXPECT_EQ(verdict_on("{\"a\":\"\xff\"}", true), "invalid UTF-8");
  EXPECT_EQ(verdict_on("[]", true), "not an object");
  EXPECT_EQ(verdict_on("{\"a\":1", true), "expected }");
}

/// Lines of quotes, escapes, long and short stretches of anything; some are not UTF-8.
std::string random_line(std::mt19937& random) {
  const std::vector<std::string> pieces{"\"",
                                        "\"\"",
                                        "\\\"",
                                        "\\\\",
                                        "\\n",
                                        ":",
                                        "{\"a\":",
                                        "plain text",
                                        "é",
                                        "\t",
                                        "\xff",
                                        "}",
                                        std::string(60, 'x'),
                                        "\"b\",",
                                        std::string(200, '{')};
  std::string line = "{";
  for (auto count = random() % 9; count > 0; --count) {
    line += pieces[random() % (random() % 4 == 0 ? pieces.size() : 5)];
    if (random() % 2 == 0) line += "\"";
  }
  return line + "}";
}

TEST(Json, TrustJudgesManyLinesLikeEachByItself) {
  std::mt19937 random(11);
  std::size_t good_lines = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    std::vector<bool> good;
    for (auto lines = 1 + random() % 4; lines > 0; --lines) {
      const std::string line = random_line(random);
      good.push_back(check_trusted_json(line).ok());
      good_lines += good.back();
      text += line + "\n";
    }
    const batch b = parsed(text, true);
    for (std::size_t i = 0; i < good.size(); ++i) {
      ASSERT_EQ(b.all()[i].is_live(), good[i]) << b.all()[i].raw();
    }
    for (const auto check : json_string_checks()) {
      if (check(text)) {
        EXPECT_EQ(std::ranges::count(good, false), 0) << text;
      }
    }
  }
  EXPECT_GT(good_lines, 1'000u);
}

// Whatever part of a vector a line, a string or an escape begins in.
TEST(Json, EveryWayToCheckStringsSeesThemAtAnyPlace) {
  const std::string line = R"({"a\"b":"c\\","d":"\\\"{é"})";
  for (const auto check : json_string_checks()) {
    for (std::size_t shift = 0; shift < 130; ++shift) {
      const std::string before = "{\"" + std::string(shift, ' ') + "\"}\n";
      EXPECT_TRUE(check(before + line + "\n" + line)) << shift;
      EXPECT_FALSE(check(before + line + "\"\n" + line)) << shift;
      EXPECT_FALSE(check(before + line + "\n" + line + "\"")) << shift;
      EXPECT_FALSE(check(before + "{\"a\\\\\\\"}\n" + line)) << shift;
      EXPECT_FALSE(check(before + "{\"\xc3\"}\n" + line)) << shift;
    }
  }
}

TEST(Json, FindsFieldsByTheIndex) {
  const batch b = parsed(
      "{\"x\":{\"level\":1},\"level\":\"WARN\",\"n\":[1,{\"k\":true}]}\n{\"le\\u0076el\":2 , "
      "\"level\":3}\n{}\n");
  auto r = b.begin();
  EXPECT_EQ(r->get("level").text, "WARN");
  EXPECT_EQ(r->get("x.level").integer, 1);
  EXPECT_EQ(r->get("n[1].k").type, kind::boolean);
  EXPECT_EQ(r->get("n[2]").type, kind::missing);
  EXPECT_EQ(r->get("x").text, "{\"level\":1}");
  ++r;
  EXPECT_EQ(r->get("level").integer, 2);
  ++r;
  EXPECT_EQ(r->get("level").type, kind::missing);
}

// Every text of the suite as the value of a member: an object is what a record is.
TEST(Json, AgreesWithJsonTestSuite) {
  std::size_t seen = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(WEIR_DATA "/json/JSONTestSuite")) {
    const std::string name = entry.path().filename().string();
    if (name.size() < 2 || name[1] != '_' || (name[0] != 'y' && name[0] != 'n')) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(check_json_object("{\"v\":" + text + "}").ok(), name[0] == 'y') << name;
    if (text.find('\n') == text.npos) {
      EXPECT_EQ(verdict_on("{\"v\":" + text + "}") == "ok", name[0] == 'y') << name;
    }
    ++seen;
  }
  EXPECT_GT(seen, 150u);
}

// Looking for a name in the text is not to be fooled by strings and inner objects that hold it, nor
// to miss a key that is written with escapes.
TEST(Json, FindsTheSameFieldByTheIndexAndByTheText) {
  const std::vector<std::string> members{
      R"("a":1)",         R"("x":"a")",           R"("n":{"a":{"b":[1]}})", R"("\u0061":2)",
      R"("s":"\"a\":3")", R"("c":[{"a":3},"}"])", R"("a" : null )",         R"("level":"a")",
      R"(":":[])",        R"("y":",")",           R"("le":"level",":":0)",  R"("long":"{")"};
  const std::vector<std::string> names{"a",  "level",  ":",           ",",
                                       "n",  "y\":\"", "a\",\"level", "",
                                       "\"", "le",     "long",        std::string(60, 'n')};
  std::mt19937 random(5);
  std::string text;
  for (int i = 0; i < 4'000; ++i) {
    std::string object;
    for (auto count = random() % 6; count > 0; --count) {
      object += (object.empty() ? "" : ",") + members[random() % members.size()];
    }
    text += (random() % 4 == 0 ? " { " : "{") + object + "}\n";
  }
  batch by_index = parsed(text);
  batch by_text = parsed(text, true);
  ASSERT_EQ(by_index.size(), 4'000u);
  auto other = by_text.begin();
  for (const record& r : by_index) {
    ASSERT_NE(r.index(), record::no_index);
    ASSERT_EQ(other->index(), record::no_index);
    for (const std::string& name : names) {
      const std::string_view found = find_json_member(r, name);
      const std::string_view same = find_json_member(*other, name);
      EXPECT_EQ(found, same) << r.text() << ' ' << name;
      EXPECT_EQ(found.data() == nullptr, same.data() == nullptr) << r.text() << ' ' << name;
    }
    ++other;
  }
}

// The quick way over the index and the general way over the text are two programs for one job.
TEST(Json, SettingFieldsByTheIndexAndByTheTextAgree) {
  const std::vector<std::string> members{
      R"("a":1)",      R"("b" : "x,y")",       R"("n":{"a":{"b":[1]}})",
      R"("\u0061":2)", R"("c":[{"a":3},"}"])", R"("a" :null )"};
  std::mt19937 random(3);
  std::string text;
  for (int i = 0; i < 2'000; ++i) {
    std::string object;
    for (auto count = random() % 5; count > 0; --count) {
      object += (object.empty() ? "" : ", ") + members[random() % members.size()];
    }
    text += (random() % 2 == 0 ? "{" : " { ") + object + (random() % 2 == 0 ? "}\n" : " }  \n");
  }
  batch by_index = parsed(text);
  batch by_text = parsed(text);
  json_editor editor;
  const std::string known = R"("a":"new")";
  const std::vector<assignment> fields{{"a", value::null(), {known, 4}},
                                       {"z", value::of("q\"")},
                                       {"b", value::of(std::int64_t{7})},
                                       {"absent", value{}}};
  auto other = by_text.begin();
  for (record& r : by_index) {
    other->set_text(other->text(), shape::json);
    ASSERT_NE(r.index(), record::no_index);
    editor.set(r, fields);
    const std::vector<assignment> same{{"a", value::of("new")}, fields[1], fields[2], fields[3]};
    editor.set(*other, same);
    ASSERT_EQ(r.text(), other->text()) << r.raw();
    ++other;
  }
}

// Bytes are changed at random; nlohmann's parser is the judge. It knows no depth limit, which these
// lines do not reach.
TEST(Json, AgreesWithAnotherParserOnDamagedLines) {
  const std::string pieces = "{}[]:,\"\\ \t0123456789.eE+-truefalsn\x01\x0c\x1a\xc3\xa9\xff/u";
  const std::string whole =
      R"({"time":"2026-01-02T03:04:05Z","level":"WARN","n":-12.5e+3,"ok":true,"no":null,"s":"a\"b\\c\u00e9é","o":{"k":[1,2,{"z":false}],"e":{}},"l":[]})";
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    std::vector<bool> good;
    for (int line = 0; line < 8; ++line) {
      std::string damaged = whole;
      for (auto edits = random() % 3; edits > 0; --edits) {
        const std::size_t at = random() % damaged.size();
        const char c = pieces[random() % pieces.size()];
        if (random() % 2 == 0) {
          damaged[at] = c;
        } else if (random() % 2 == 0) {
          damaged.erase(at, 1 + random() % 3);
        } else {
          damaged.insert(at, 1, c);
        }
      }
      const auto judged = nlohmann::json::parse(damaged, nullptr, false);
      good.push_back(judged.is_object());
      EXPECT_EQ(check_json_object(damaged).ok(), good.back()) << damaged;
      text += damaged + "\n";
    }
    const batch b = parsed(text);
    for (std::size_t i = 0; i < good.size(); ++i) {
      EXPECT_EQ(b.all()[i].is_live(), good[i]) << b.all()[i].raw();
      accepted += good[i];
    }
  }
  EXPECT_GT(accepted, 4'000u);
}

}  // namespace
}  // namespace weir
