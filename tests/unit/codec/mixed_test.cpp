// Shards that were taken for JSON documents by their beginning, and are not, or not only.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "unit/codec/cut_shard.hpp"

namespace weir::test {
namespace {

const framing by_content{.how = framing::by::content};

const std::string document = "{\n  \"config\": {\"a\": [1, 2]}\n}";
const std::string no_document = "{\"config\":\n2026-01-02 INFO a\n{\"b\":2}\n[x] y\n";
const strings lines_of_no_document{"{\"config\":", "2026-01-02 INFO a", "{\"b\":2}", "[x] y"};

strings with_first(const std::string& first, const strings& others) {
  strings all{first};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

TEST(text_behind_documents, comes_line_by_line) {
  const cut_shard got =
      cut({document + "\n2026-01-02 INFO started, [x]\r\n\n\tat {y}\n[main] z\n, end"}, by_content);
  EXPECT_EQ(texts(got),
            (strings{document, "2026-01-02 INFO started, [x]", "\tat {y}", "[main] z", ", end"}));
  EXPECT_EQ(texts(cut({"[{\"a\":1},{\"b\":2}] odd\n[x] y"}, by_content)),
            (strings{"{\"a\":1}", "{\"b\":2}", " odd", "[x] y"}));
  EXPECT_EQ(texts(cut({"[{\"a\":1},{\"b\":2},\n  INFO x, y\n]"}, by_content)),
            (strings{"{\"a\":1}", "{\"b\":2}", "INFO x, y", "]"}));
  EXPECT_EQ(texts(cut({"{\"Records\":[{\"a\":1}]}\nINFO x y\n"}, by_content)),
            (strings{"{\"a\":1}", "INFO x y"}));
}

TEST(text_behind_documents, may_hold_others_whose_brace_is_alone_on_its_line) {
  EXPECT_EQ(texts(cut({document + "\ntext\n{\"a\":1} more\n{ \n\"b\":2}\n{\n"}, by_content)),
            (strings{document, "text", "{\"a\":1} more", "{ \n\"b\":2}", "{"}));
}

TEST(documents_that_are_none, come_line_by_line) {
  EXPECT_EQ(texts(cut({no_document}, by_content)), lines_of_no_document);
  const cut_shard later = cut({document + "\n" + no_document}, by_content);
  EXPECT_EQ(texts(later), with_first(document, lines_of_no_document));
  EXPECT_TRUE(reasons(later).empty());
}

TEST(documents_that_are_none, come_line_by_line_if_they_end_early) {
  const cut_shard got = cut({document + "\n{\n\"a\": [\n{\n\n  \"x"}, by_content);
  EXPECT_EQ(texts(got), (strings{document, "{", "\"a\": [", "{", "  \"x"}));
  EXPECT_TRUE(reasons(got).empty());
  EXPECT_EQ(got.stops.back().at.offset, document.size() + 17);
}

TEST(documents_that_are_none, are_one_reject_if_they_are_too_long_to_come_again) {
  const cut_shard got =
      cut({document + "\n{\"a\":\n  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" + "x y\nz"}, by_content,
          framing_options{.max_line_bytes = 30});
  EXPECT_EQ(living(got), (strings{document, "z"}));
  EXPECT_EQ(reasons(got), (strings{"record longer than max_line"}));
}

/// Documents, lines, and much that is neither.
std::string some_of_both() {
  static const strings pieces{"{\"a\":1}",  "{\n",      "\"a\": 1\n", "}\n", "}",      "\n",
                              "INFO x y\n", "x",        " ",          ",",   "\r\n",   "[",
                              "]",          "\"",       "\x1e",       "{",   "\"a\":", "\\",
                              "[{\"b\":2}", ", {\"c\"", ":3}",        "7"};
  return *rc::gen::element<std::string>(document + "\n", "[{\"a\":1},{\"b\":2}", "\x1e{") +
         some_of(pieces);
}

RC_GTEST_PROP(mixed_shards, are_cut_alike_however_the_bytes_are_split, ()) {
  const std::string all = some_of_both();
  const framing_options options{.max_line_bytes = *rc::gen::element<std::uint64_t>(8, 1 << 20)};
  check_any_split(all, by_content, options);
}

RC_GTEST_PROP(mixed_shards, go_on_wherever_a_run_stopped, ()) {
  const std::string all = some_of_both();
  const cut_shard whole = cut(split_every(all, 7), by_content);
  for (const stop& s : whole.stops) {
    if (s.at != position{}) check_going_on(all, by_content, {}, s, whole);
  }
}

/// By the order of its tokens.
bool is_document(const std::string& text) {
  return living(cut({text}, json_at(""))) == strings{text} && text.starts_with('{');
}

/// Only what separates stands in front of it on its line.
bool begins_line(const std::string& all, std::size_t at) {
  const std::size_t before = all.find_last_not_of(" \r,[]", at - 1);
  return at == 0 || before == all.npos || all[before] == '\n' || all[before] == '\x1e';
}

RC_GTEST_PROP(mixed_shards, give_every_byte_in_documents_or_in_whole_lines, ()) {
  const std::string all = some_of_both();
  std::uint64_t read_to = 0;
  for (const cut_record& r : cut({all}, by_content).records) {
    RC_ASSERT(r.offset >= read_to);
    RC_ASSERT(all.substr(r.offset, r.raw.size()) == r.raw);
    const std::string between = all.substr(read_to, r.offset - read_to);
    RC_ASSERT(between.find_first_not_of(" \r\n,\x1e[]") == between.npos);
    const bool is_behind_other = read_to > 0 && !between.contains('\n');
    read_to = r.offset + r.raw.size();
    if (!r.why.empty() || is_document(r.raw)) continue;
    RC_ASSERT(begins_line(all, r.offset) || is_behind_other);
    RC_ASSERT(read_to == all.size() || std::string_view{"\r\n\x1e"}.contains(all[read_to]));
  }
  RC_ASSERT(all.find_first_not_of(" \r\n,\x1e[]", read_to) == all.npos);
}

}  // namespace
}  // namespace weir::test
