#include "codec/frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "unit/codec/byte_streams.hpp"

namespace weir {
namespace {

using test::parts;
using namespace std::string_literals;

struct line {
  std::string text;
  std::uint64_t number;
  std::uint64_t offset;
  std::string why;  ///< empty for a record that lives
  friend bool operator==(const line&, const line&) = default;
};

std::ostream& operator<<(std::ostream& out, const line& l) {
  return out << l.number << '@' << l.offset << " `" << l.text << "` " << l.why;
}

struct framed {
  std::vector<line> lines;
  position to;
};

const stage_id framing{.rule = first_rule, .name = "lines"};

/// The records of one batch, whose run has to go on where the last one ended and to cover exactly
/// them.
void collect(const batch& from, framed& into) {
  const run& covers = from.runs().back();
  ASSERT_EQ(from.runs().size(), 1u);
  ASSERT_EQ(covers.from, into.to);
  ASSERT_EQ(covers.to.number - covers.from.number, from.all().size());
  std::size_t rejects = 0;
  for (const record& r : from.all()) {
    std::string why;
    if (!r.is_live()) {
      ASSERT_LT(rejects, from.rejects().size());
      const reject_entry& entry = from.rejects()[rejects++];
      ASSERT_EQ(entry.raw, r.raw());
      ASSERT_EQ(entry.number, r.number());
      ASSERT_EQ(entry.stage, &framing);
      why = entry.why;
    }
    into.lines.push_back({std::string{r.raw()}, r.number(), r.offset(), why});
  }
  into.to = covers.to;
}

framed frame_all(byte_stream bytes, const framing_options& options, const context& with,
                 position from = {}) {
  framed out{.lines = {}, .to = from};
  auto of = std::make_shared<shard>(shard{.name = "a.log", .identity = "a.log", .modified_ns = 0});
  stream records = frame(std::move(bytes), of, from, options, framing, with);
  while (const batch* b = records.next(pull{})) collect(*b, out);
  return out;
}

framed frame_parts(const parts& in, const framing_options& options = {}, position from = {}) {
  const test::fixture f;
  return frame_all(test::stored(in, f.with.pool), options, f.with, from);
}

std::vector<std::string> texts(const framed& from) {
  std::vector<std::string> out;
  for (const line& l : from.lines) out.push_back(l.text);
  return out;
}

using strings = std::vector<std::string>;

TEST(framing, gives_each_line_its_number_and_offset) {
  const framed got = frame_parts({"one\n\nthree\n"});
  EXPECT_EQ(got.lines, (std::vector<line>{{"one", 1, 0, ""}, {"", 2, 4, ""}, {"three", 3, 5, ""}}));
  EXPECT_EQ(got.to, (position{11, 3}));
}

TEST(framing, takes_a_last_line_without_an_end) {
  const framed got = frame_parts({"one\ntwo"});
  EXPECT_EQ(texts(got), (strings{"one", "two"}));
  EXPECT_EQ(got.to, (position{7, 2}));
}

TEST(framing, leaves_an_unterminated_line_unread_if_asked) {
  const framed got = frame_parts({"one\ntw", "o"}, {.hold_unterminated = true});
  EXPECT_EQ(texts(got), (strings{"one"}));
  EXPECT_EQ(got.to, (position{4, 1}));
}

TEST(framing, of_nothing_is_nothing) {
  EXPECT_TRUE(frame_parts({}).lines.empty());
  EXPECT_TRUE(frame_parts({"", ""}).lines.empty());
}

TEST(framing, strips_one_carriage_return_in_front_of_a_line_feed) {
  EXPECT_EQ(texts(frame_parts({"a\r\nb\r\r\nc\rd\n\r\ne\r"})),
            (strings{"a", "b\r", "c\rd", "", "e\r"}));
  EXPECT_EQ(texts(frame_parts({"a\r", "\n", "b\r", "\r", "\n"})), (strings{"a", "b\r"}));
}

TEST(framing, ends_lines_at_other_delimiters) {
  EXPECT_EQ(texts(frame_parts({"a\nb\0c\r\0\0"s}, {.delimiter = "\0"s})),
            (strings{"a\nb", "c\r", ""}));
  EXPECT_EQ(texts(frame_parts({"a\nb\r\nc\r\r\n"}, {.delimiter = "\r\n"})),
            (strings{"a\nb", "c\r"}));
  EXPECT_EQ(texts(frame_parts({"a--b-", "-", "-c-", "d--"}, {.delimiter = "--"})),
            (strings{"a", "b", "-c-d"}));
  EXPECT_EQ(texts(frame_parts({"xa", "ba", "bcya", "b", "c"}, {.delimiter = "abc"})),
            (strings{"xab", "y"}));
}

TEST(framing, strips_a_byte_order_mark_at_byte_0_only) {
  const framed got = frame_parts({"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n"});
  EXPECT_EQ(got.lines, (std::vector<line>{{"one", 1, 3, ""}, {"\xef\xbb\xbftwo", 2, 7, ""}}));
  EXPECT_EQ(texts(frame_parts({"\xef", "\xbb", "\xbfo", "ne\n"})), (strings{"one"}));
  EXPECT_EQ(texts(frame_parts({"\xef\xbb\xbfone\n"}, {}, {10, 2})), (strings{"\xef\xbb\xbfone"}));
  const framed only_the_mark = frame_parts({"\xef\xbb\xbf"});
  EXPECT_TRUE(only_the_mark.lines.empty());
  EXPECT_EQ(only_the_mark.to, (position{3, 0}));
  EXPECT_EQ(texts(frame_parts({"\xef\xbb\xbf\n"})), (strings{""}));
}

TEST(framing, goes_on_from_a_position) {
  const framed got = frame_parts({"three\nfour\n"}, {}, {100, 2});
  EXPECT_EQ(got.lines, (std::vector<line>{{"three", 3, 100, ""}, {"four", 4, 106, ""}}));
  EXPECT_EQ(got.to, (position{111, 4}));
}

TEST(framing, rejects_a_line_that_is_too_long_and_goes_on_after_it) {
  const std::string huge(5000, 'x');
  const framed got =
      frame_parts(test::split_every("ok\n" + huge + "\nafter\n", 700), {.max_line_bytes = 2000});
  EXPECT_EQ(got.lines, (std::vector<line>{{"ok", 1, 0, ""},
                                          {huge.substr(0, 1024), 2, 3, "line longer than max_line"},
                                          {"after", 3, 5004, ""}}));
  EXPECT_EQ(got.to, (position{5010, 3}));
}

TEST(framing, truncates_a_line_that_is_too_long_if_asked) {
  const framing_options cut{.max_line_bytes = 4, .too_long = framing_options::long_line::truncate};
  EXPECT_EQ(texts(frame_parts({"abcd\nabcdef\r\nab", "cdefg", "hijklmnopqrstuvwxyz\nx"}, cut)),
            (strings{"abcd", "abcd", "abcd", "x"}));
}

TEST(framing, measures_a_line_without_its_delimiter_and_mark) {
  const framing_options four{.max_line_bytes = 4};
  for (const std::string stored : {"abcd", "abcd\n", "abcd\r\n",
                                   "\xef\xbb\xbf"
                                   "abcd\r\n"}) {
    for (const std::size_t size : {1u, 2u, 100u}) {
      EXPECT_EQ(frame_parts(test::split_every(stored, size), four).lines.at(0).why, "") << stored;
    }
  }
  for (const std::string stored : {"abcde", "abcde\n", "abcd\r\r\n",
                                   "\xef\xbb\xbf"
                                   "abcde\r\n"}) {
    for (const std::size_t size : {1u, 2u, 100u}) {
      EXPECT_NE(frame_parts(test::split_every(stored, size), four).lines.at(0).why, "") << stored;
    }
  }
}

byte_stream endless_line(std::uint64_t chunks, std::shared_ptr<block_pool> pool) {
  auto memory = pool->take();
  std::fill_n(memory->data(), block_bytes, 'x');
  for (std::uint64_t i = 0; i < chunks; ++i) {
    chunk next{.bytes = {memory->data(), block_bytes}, .memory = memory, .fault = {}};
    co_yield next;
  }
}

TEST(framing, holds_a_bounded_part_of_an_endless_line) {
  const test::fixture f;
  const framed got = frame_all(endless_line(4000, f.with.pool), {}, f.with);
  ASSERT_EQ(got.lines.size(), 1u);
  EXPECT_EQ(got.lines[0].why, "line longer than max_line");
  EXPECT_EQ(got.to.offset, 4000 * block_bytes);
  EXPECT_LE(f.bytes->peak_bytes(), 4 * block_bytes);
}

TEST(framing, bounds_the_records_of_a_batch) {
  const test::fixture f;
  auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a", .modified_ns = 0});
  stream records =
      frame(test::stored({std::string(100'000, '\n')}, f.with.pool), of, {}, {}, framing, f.with);
  std::size_t sum = 0;
  while (const batch* b = records.next(pull{})) {
    EXPECT_LE(b->size(), 16384u);
    sum += b->size();
  }
  EXPECT_EQ(sum, 100'000u);
}

byte_stream chunks(std::vector<chunk> all) {
  for (chunk& next : all) co_yield next;
}

byte_fault cut(std::string why) {
  return {.why = std::move(why), .from = 10, .to = 20, .cuts_line = true, .unverified = false};
}

TEST(framing, gives_the_line_that_a_fault_cuts_to_one_reject) {
  const test::fixture f;
  const framed got =
      frame_all(chunks({{.bytes = "one\ntw", .memory = nullptr, .fault = {}},
                        {.bytes = "", .memory = nullptr, .fault = cut("gzip: data ends early")}}),
                {}, f.with);
  EXPECT_EQ(got.lines,
            (std::vector<line>{{"one", 1, 0, ""},
                               {"tw[stored bytes 10 to 20]", 2, 4, "gzip: data ends early"}}));
  EXPECT_EQ(got.to, (position{6, 2, true}));
}

TEST(framing, keeps_a_last_line_that_is_whole_before_a_fault) {
  const test::fixture f;
  byte_fault garbage = cut("gzip: trailing garbage");
  garbage.cuts_line = false;
  const framed got =
      frame_all(chunks({{.bytes = "one\ntwo", .memory = nullptr, .fault = garbage}}), {}, f.with);
  EXPECT_EQ(got.lines,
            (std::vector<line>{{"one", 1, 0, ""},
                               {"two", 2, 4, ""},
                               {"[stored bytes 10 to 20]", 3, 7, "gzip: trailing garbage"}}));
}

TEST(framing, makes_one_reject_of_a_fault_within_a_line_that_is_too_long) {
  const test::fixture f;
  const framed got =
      frame_all(chunks({{.bytes = "0123456789abcdefghij", .memory = nullptr, .fault = cut("cut")}}),
                {.max_line_bytes = 4}, f.with);
  ASSERT_EQ(got.lines.size(), 1u);
  EXPECT_EQ(got.lines[0].why, "cut");
  EXPECT_EQ(got.to, (position{20, 1, true}));
}

TEST(framing, counts_the_records_that_a_wrong_checksum_leaves_unverified) {
  const test::fixture f;
  std::atomic<std::uint64_t> unverified = 0;
  byte_fault wrong = cut("gzip: checksum mismatch");
  wrong.unverified = true;
  // The first member ends within "three", so that only two lines are vouched for.
  frame_all(chunks({{.bytes = "one\ntwo\nth", .memory = nullptr, .fault = {}, .verified_to = 10},
                    {.bytes = "ree\nfour\nfi", .memory = nullptr, .fault = {}, .verified_to = 10},
                    {.bytes = "ve", .memory = nullptr, .fault = wrong, .verified_to = 10}}),
            {.unverified = &unverified}, f.with);
  EXPECT_EQ(unverified, 2u);
}

TEST(framing, passes_time_on) {
  const test::fixture f;
  auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a", .modified_ns = 0});
  stream records =
      frame(test::stored({"a\nb", "", "\n"}, f.with.pool), of, {}, {}, framing, f.with);
  EXPECT_EQ(records.next(pull{})->size(), 1u);
  const batch* const time = records.next(pull{});
  ASSERT_NE(time, nullptr);
  EXPECT_EQ(time->size(), 0u);
  EXPECT_EQ(time->runs().back().to, (position{2, 1}));
  EXPECT_EQ(records.next(pull{})->size(), 1u);
}

TEST(framing, tells_the_end_of_a_shard_unless_it_may_grow) {
  const test::fixture f;
  auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a", .modified_ns = 0});
  for (const bool grows : {false, true}) {
    stream records = frame(test::stored({"a\n"}, f.with.pool), of, {}, {.hold_unterminated = grows},
                           framing, f.with);
    EXPECT_FALSE(records.next(pull{})->runs().back().ends);
    const batch* const end = records.next(pull{});
    ASSERT_EQ(end == nullptr, grows);
    if (grows) continue;
    EXPECT_TRUE(end->runs().back().ends);
    EXPECT_EQ(end->runs().back().from, (position{2, 1}));
    EXPECT_EQ(records.next(pull{}), nullptr);
  }
}

/// Text in which delimiters, their parts and marks are frequent.
rc::Gen<std::string> tricky_text() {
  return rc::gen::map(
      rc::gen::container<strings>(rc::gen::element<std::string>(
          "\n", "\r", "\r\n", "a", "ab", "aab", "-", "--", "\0"s, "\xef\xbb\xbf", "xyz")),
      [](const strings& pieces) {
        std::string out;
        for (const std::string& p : pieces) out += p;
        return out;
      });
}

/// The obvious way to do it, with all of the text at hand.
std::vector<line> reference(const std::string& text, const std::string& delimiter,
                            std::size_t most) {
  std::vector<line> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find(delimiter, at);
    std::string body = text.substr(at, end == text.npos ? end : end - at);
    std::size_t offset = at;
    at = end == text.npos ? text.size() : end + delimiter.size();
    if (delimiter == "\n" && end != text.npos && body.ends_with('\r')) body.pop_back();
    if (offset == 0 && body.starts_with("\xef\xbb\xbf")) {
      body.erase(0, 3);
      offset = 3;
      if (end == text.npos && body.empty()) continue;
    }
    const bool too_long = body.size() > most;
    out.push_back({body.substr(0, 1024), out.size() + 1, offset,
                   too_long ? "line longer than max_line" : ""});
  }
  return out;
}

RC_GTEST_PROP(framing, gives_the_same_records_however_the_bytes_are_split, ()) {
  const std::string text =
      *tricky_text() + std::string(*rc::gen::element<std::size_t>(0, 0, 1100), 'l');
  const std::string delimiter =
      *rc::gen::element<std::string>("\n", "\r\n", "\0"s, "--", "aab", "aa");
  const std::size_t most = *rc::gen::element<std::size_t>(3, 8, 1000);
  std::mt19937 random{*rc::gen::arbitrary<unsigned>()};
  const parts split = *rc::gen::arbitrary<bool>() ? test::split_every(text, 1)
                                                  : test::split_at_random(text, random);
  const framed got = frame_parts(split, {.delimiter = delimiter, .max_line_bytes = most});
  RC_ASSERT(got.lines == reference(text, delimiter, most));
  RC_ASSERT(got.to.offset == text.size());
}

}  // namespace
}  // namespace weir
