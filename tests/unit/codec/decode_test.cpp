#include "codec/decode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "unit/codec/compressed.hpp"

namespace weir {
namespace {

using test::content;
using test::parts;
using namespace std::string_literals;

content decode_parts(const parts& in, const decode_options& options = {}) {
  const test::fixture f;
  return test::read_all(decode(test::stored(in, f.with.pool), options, f.with));
}

content decode_bytes(const std::string& stored, const decode_options& options = {}) {
  return decode_parts(test::split_every(stored, block_bytes), options);
}

TEST(decoding, gives_the_content_of_every_codec_however_it_is_split) {
  std::mt19937 random{1};
  const std::string text = test::log_text(1'000'000);
  for (const test::writer& w : test::writers()) {
    const std::string stored = w.compress(text);
    ASSERT_LT(stored.size(), text.size());
    EXPECT_TRUE(test::same(decode_bytes(stored).bytes, text)) << w.name;
    for (int round = 0; round < 3; ++round) {
      const content got = decode_parts(test::split_at_random(stored, random));
      EXPECT_TRUE(test::same(got.bytes, text)) << w.name;
      EXPECT_FALSE(got.fault) << w.name;
    }
  }
}

/// What programs write that were asked for large windows, and how large those are.
struct large_window {
  std::string command;
  std::size_t bytes;
  std::string fault;
};

const std::vector<large_window>& large_windows() {
  static const std::vector<large_window> all{
      {"zstd -q --long=27 -c", 128 << 20, "zstd: its window does not fit in the memory budget"},
      {"xz --lzma2=dict=64MiB -c", 64 << 20, "xz: its window does not fit in the memory budget"}};
  return all;
}

TEST(decoding, takes_the_window_that_the_input_asks_for_from_the_budget) {
  const std::string text = test::log_text(300'000);
  for (const large_window& w : large_windows()) {
    const std::string stored = test::pipe_through(w.command, text);
    const test::fixture f;
    const content got = test::read_all(
        decode(test::stored(test::split_every(stored, 1000), f.with.pool), {}, f.with));
    EXPECT_TRUE(test::same(got.bytes, text)) << w.command;
    EXPECT_GE(f.bytes->peak_bytes(), w.bytes) << w.command;
    EXPECT_EQ(f.bytes->used_bytes(), 0u) << w.command;
  }
}

TEST(decoding, refuses_a_window_that_the_budget_has_no_room_for) {
  for (const large_window& w : large_windows()) {
    const std::string stored = test::pipe_through(w.command, test::log_text(300'000));
    const test::fixture f{64 << 20};
    const content got = test::read_all(
        decode(test::stored(test::split_every(stored, 1000), f.with.pool), {}, f.with));
    EXPECT_EQ(got.bytes, "") << w.command;
    ASSERT_TRUE(got.fault) << w.command;
    EXPECT_EQ(got.fault->why, w.fault);
  }
}

TEST(decoding, takes_usual_windows_with_the_least_memory) {
  const std::string text = test::log_text(1'000'000);
  for (const std::string command : {"zstd -q -19 -c", "xz -6 -c"}) {
    const std::string stored = test::pipe_through(command, text);
    const test::fixture f{1 << 20};
    const content got = test::read_all(
        decode(test::stored(test::split_every(stored, 1000), f.with.pool), {}, f.with));
    EXPECT_TRUE(test::same(got.bytes, text)) << command;
    EXPECT_LE(f.bytes->peak_bytes(), std::size_t{2} << 20) << command;
  }
}

TEST(decoding, joins_the_members_of_a_file) {
  for (const test::writer& w : test::writers()) {
    const std::string stored = w.compress("one\ntw") + w.compress("") + w.compress("o\n") +
                               std::string(12, '\0') + w.compress("three\n");
    for (const std::size_t size : {1u, 3u, 1000u}) {
      const content got = decode_parts(test::split_every(stored, size));
      EXPECT_TRUE(test::same(got.bytes, "one\ntwo\nthree\n")) << w.name;
      EXPECT_FALSE(got.fault) << w.name;
      EXPECT_EQ(got.verified_to, 14u) << w.name;
    }
  }
}

TEST(decoding, reads_skippable_frames_in_front_of_zstd_and_of_lz4) {
  const std::string skippable = "\x53\x2a\x4d\x18\x03\0\0\0abc"s;
  for (const std::string name : {"zstd", "lz4"}) {
    const auto w = std::ranges::find(test::writers(), name, &test::writer::name);
    const std::string stored = skippable + w->compress("a\n") + skippable + w->compress("b\n");
    for (const std::size_t size : {1u, 5u, 1000u}) {
      const content got = decode_parts(test::split_every(stored, size));
      EXPECT_TRUE(test::same(got.bytes, "a\nb\n")) << name;
      EXPECT_FALSE(got.fault) << name;
    }
  }
}

TEST(decoding, reads_the_frames_that_lz4_wrote_before_they_were_specified) {
  std::mt19937 random{2};
  const std::string text = test::log_text(9'000'000);  // more than one block
  const std::string legacy = test::pipe_through("lz4 -lqc", text);
  const std::string frame = test::pipe_through("lz4 -qc", "b\n");
  const std::string stored = legacy + legacy + frame + frame;
  for (int round = 0; round < 4; ++round) {
    const content got = decode_parts(test::split_at_random(stored, random));
    EXPECT_TRUE(test::same(got.bytes, text + text + "b\nb\n"));
    EXPECT_FALSE(got.fault);
  }
  const std::string small = test::pipe_through("lz4 -lqc", "a\nb\n");
  EXPECT_EQ(decode_parts(test::split_every(small + small + frame, 1)).bytes, "a\nb\na\nb\nb\n");
  EXPECT_EQ(decode_bytes(small.substr(0, small.size() - 1)).fault->why, "lz4: data ends early");
}

TEST(decoding, reads_lzma_files_which_have_no_magic_number) {
  std::mt19937 random{3};
  const std::string text = test::log_text(1'000'000);
  for (const char* const tool : {"xz --format=lzma -0c", "xz --format=lzma -9c"}) {
    const std::string stored = test::pipe_through(tool, text);
    for (int round = 0; round < 3; ++round) {
      const content got = decode_parts(test::split_at_random(stored, random));
      EXPECT_TRUE(test::same(got.bytes, text)) << tool;
      EXPECT_FALSE(got.fault) << tool;
    }
    EXPECT_EQ(decode_bytes(stored.substr(0, 5000)).fault->why, "lzma: data ends early");
    EXPECT_TRUE(test::same(decode_bytes(test::pipe_through(tool, "a\n")).bytes, "a\n"));
  }
}

TEST(decoding, takes_bytes_for_lzma_only_if_that_is_certain) {
  const std::string header = "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff"s;
  for (const std::string& plain :
       {"]"s, "]\0"s, "]{}\n"s, header, header + "text\n", header + "\0\xff\xff\xff\xff"s}) {
    const content got = decode_parts(test::split_every(plain, 1));
    EXPECT_EQ(got.bytes, plain);
    EXPECT_FALSE(got.fault);
  }
}

TEST(decoding, ignores_zero_bytes_after_a_member) {
  for (const test::writer& w : test::writers()) {
    const content got = decode_bytes(w.compress("a\n") + std::string(1'000'000, '\0'));
    EXPECT_TRUE(test::same(got.bytes, "a\n")) << w.name;
    EXPECT_FALSE(got.fault) << w.name;
  }
}

TEST(decoding, ends_at_trailing_garbage_with_its_range) {
  for (const test::writer& w : test::writers()) {
    const std::string good = w.compress("a\n") + "\0\0"s;
    const std::string stored = good + "garbage" + w.compress("b\n");
    for (const std::size_t size : {1u, 7u, 1000u}) {
      const content got = decode_parts(test::split_every(stored, size));
      EXPECT_TRUE(test::same(got.bytes, "a\n")) << w.name;
      ASSERT_TRUE(got.fault) << w.name;
      EXPECT_EQ(got.fault->why, w.name + ": trailing garbage");
      EXPECT_EQ(got.fault->from, good.size()) << w.name;
      EXPECT_EQ(got.fault->to, stored.size()) << w.name;
      EXPECT_FALSE(got.fault->cuts_line);
      EXPECT_FALSE(got.fault->unverified);
    }
  }
}

TEST(decoding, tells_a_file_that_is_cut_off_after_any_byte) {
  const std::string text = test::log_text(300);
  for (const test::writer& w : test::writers()) {
    const std::string first = w.compress("first\n");
    const std::string stored = first + w.compress(text);
    for (std::size_t size = first.size() + w.magic_bytes; size < stored.size(); ++size) {
      const content got = decode_bytes(stored.substr(0, size));
      EXPECT_TRUE(("first\n" + text).starts_with(got.bytes)) << w.name << ' ' << size;
      EXPECT_GE(got.bytes.size(), 6u) << w.name << ' ' << size;
      ASSERT_TRUE(got.fault) << w.name << ' ' << size;
      EXPECT_EQ(got.fault->why, w.name + ": data ends early");
      EXPECT_EQ(got.fault->from, first.size());
      EXPECT_EQ(got.fault->to, size);
      EXPECT_TRUE(got.fault->cuts_line);
    }
  }
}

TEST(decoding, never_passes_a_flipped_bit_as_good_content) {
  const std::string text = test::log_text(300);
  for (const test::writer& w : test::writers()) {
    const std::string stored = w.compress(text);
    for (std::size_t bit = 0; bit < stored.size() * 8; ++bit) {
      std::string broken = stored;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
      const content got = decode_bytes(broken);
      const bool harmless = got.bytes == text;    // in a header: the time of the file
      const bool is_plain = got.bytes == broken;  // the magic number is gone
      EXPECT_TRUE(got.fault || harmless || is_plain) << w.name << " bit " << bit;
    }
  }
}

TEST(decoding, gives_all_content_before_a_wrong_checksum_and_says_how_far_it_is_verified) {
  const std::string text = test::log_text(300'000);
  const std::map<std::string, std::size_t> sum_from_end{
      {"gzip", 8}, {"zlib", 4}, {"zstd", 4}, {"lz4", 4}};
  for (const test::writer& w : test::writers()) {
    const auto sum = sum_from_end.find(w.name);
    if (sum == sum_from_end.end())
      continue;  // bzip2 and xz check each block, and give none that is wrong
    std::string stored = w.compress("first\n") + w.compress(text);
    char& broken = stored[stored.size() - sum->second];
    broken = static_cast<char>(broken ^ 1);
    for (const std::size_t size : {std::size_t{100}, block_bytes}) {
      const content got = decode_parts(test::split_every(stored, size));
      EXPECT_TRUE(test::same(got.bytes, "first\n" + text)) << w.name;
      ASSERT_TRUE(got.fault) << w.name;
      EXPECT_EQ(got.fault->why, w.name + ": checksum mismatch");
      EXPECT_TRUE(got.fault->unverified);
      EXPECT_EQ(got.verified_to, 6u);
    }
  }
}

TEST(decoding, gives_the_same_before_a_fault_however_the_input_is_split) {
  std::mt19937 random{11};
  const std::string text = test::log_text(600'000);
  for (const test::writer& w : test::writers()) {
    const std::string stored = w.compress(text);
    for (int round = 0; round < 12; ++round) {
      std::string broken = stored;
      char& byte = broken[5000 + random() % (broken.size() - 5000)];
      byte = static_cast<char>(byte ^ (1 << random() % 8));
      const content whole = decode_bytes(broken);
      ASSERT_TRUE(whole.fault) << w.name;
      for (const parts& split :
           {test::split_every(broken, 1000), test::split_at_random(broken, random)}) {
        const content got = decode_parts(split);
        EXPECT_TRUE(test::same(got.bytes, whole.bytes)) << w.name << ' ' << round;
        ASSERT_TRUE(got.fault) << w.name;
        EXPECT_EQ(got.fault->why, whole.fault->why) << w.name;
      }
    }
  }
}

TEST(decoding, checks_the_length_that_a_gzip_trailer_claims) {
  std::string stored = test::pipe_through("gzip -c", "text\n");
  stored.back() = 1;
  const content got = decode_bytes(stored);
  ASSERT_TRUE(got.fault);
  EXPECT_EQ(got.fault->why, "gzip: length mismatch");
}

TEST(decoding, checks_the_checksum_of_a_gzip_header) {
  // FLG = FHCRC; the header's CRC16 is the one that Python's zlib.crc32 gives for its ten bytes.
  const std::string header = "\x1f\x8b\x08\x02\0\0\0\0\0\x03"s;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(header.data()), 10);
  const std::string sum{static_cast<char>(crc & 0xff), static_cast<char>(crc >> 8 & 0xff)};
  const std::string body = test::pipe_through("gzip -nc", "text\n").substr(10);
  for (const std::size_t size : {1u, 100u}) {
    EXPECT_EQ(decode_parts(test::split_every(header + sum + body, size)).bytes, "text\n");
    const content got = decode_parts(test::split_every(header + "xx" + body, size));
    ASSERT_TRUE(got.fault);
    EXPECT_EQ(got.fault->why, "gzip: header checksum mismatch");
  }
}

TEST(decoding, reads_many_empty_members) {
  const std::string empty = test::pipe_through("gzip -nc", "");
  std::string stored;
  for (int i = 0; i < 100'000; ++i) stored += empty;
  const content got = decode_bytes(stored + test::pipe_through("gzip -c", "end\n"));
  EXPECT_TRUE(test::same(got.bytes, "end\n"));
  EXPECT_FALSE(got.fault);
}

TEST(decoding, stops_a_bomb_at_the_ratio) {
  constexpr std::size_t size = 24 << 20;
  for (const std::string command : {"gzip -c", "zstd -qc", "bzip2 -c", "xz -c"}) {
    const std::string stored = test::pipe_through(command, std::string(size, '\0'));
    const content got = decode_bytes(stored);
    ASSERT_TRUE(got.fault) << command;
    EXPECT_TRUE(got.fault->why.ends_with(": expands beyond the limit of the ratio")) << command;
    EXPECT_LE(got.bytes.size(), (16u << 20) + block_bytes) << command;
    EXPECT_EQ(decode_bytes(stored, {.ratio = 100'000'000}).bytes.size(), size) << command;
  }
}

TEST(decoding, stops_at_a_limit_of_bytes) {
  const std::string stored = test::pipe_through("gzip -c", test::log_text(1000));
  EXPECT_FALSE(decode_bytes(stored, {.max_bytes = 1000}).fault);
  const content got = decode_bytes(stored, {.max_bytes = 999});
  EXPECT_TRUE(test::same(got.bytes, test::log_text(999)));
  ASSERT_TRUE(got.fault);
  EXPECT_EQ(got.fault->why, "gzip: expands beyond the limit of bytes");
}

byte_stream in_blocks(std::string all, std::shared_ptr<block_pool> pool) {
  for (std::size_t at = 0; at < all.size(); at += block_bytes) {
    auto memory = pool->take();
    const std::size_t size = std::min(block_bytes, all.size() - at);
    std::copy_n(all.data() + at, size, memory->data());
    chunk next{.bytes = {memory->data(), size}, .memory = memory, .fault = {}};
    memory.reset();
    co_yield next;
  }
}

TEST(decoding, holds_a_few_blocks_and_a_window_whatever_the_size) {
  constexpr std::size_t window_bytes = 10 << 20;  // of xz -6, the largest that is usual
  const std::string text = test::log_text(2 << 20);
  for (const test::writer& w : test::writers()) {
    const std::string stored = w.compress(text);
    const test::fixture f;
    byte_stream out = decode(in_blocks(stored, f.with.pool), {}, f.with);
    std::size_t size = 0;
    while (const chunk* next = out.next(pull{})) size += next->bytes.size();
    EXPECT_EQ(size, text.size()) << w.name;
    EXPECT_LE(f.bytes->peak_bytes(), 4 * block_bytes + window_bytes) << w.name;
  }
}

TEST(decoding, passes_plain_chunks_without_copying) {
  const test::fixture f;
  auto memory = f.with.pool->take();
  std::ranges::copy("plain text\n"s, memory->data());
  const auto one = [](std::shared_ptr<block> b) -> byte_stream {
    for (int i = 0; i < 2; ++i) {
      chunk next{.bytes = {b->data(), 11}, .memory = b, .fault = {}};
      co_yield next;
    }
  };
  byte_stream out = decode(one(memory), {}, f.with);
  for (int i = 0; i < 2; ++i) {
    const chunk* const got = out.next(pull{});
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->bytes.data(), memory->data());
    EXPECT_EQ(got->memory, memory);
  }
  EXPECT_EQ(out.next(pull{}), nullptr);
}

TEST(decoding, takes_text_for_text_though_it_looks_like_a_zlib_header) {
  int headers = 0;
  for (char a = ' '; a < 0x7f; ++a) {
    for (char b = ' '; b < 0x7f; ++b) {
      if ((a & 15) != 8 || (a * 256 + b) % 31 != 0) continue;
      ++headers;
      for (const std::size_t size : {2u, 3u, 40u, 5000u}) {
        const std::string text = (std::string{a, b} + test::log_text(5000)).substr(0, size);
        for (const std::size_t part : {1u, 100u, 100'000u}) {
          if (part == 1 && size > 100) continue;
          const content got = decode_parts(test::split_every(text, part));
          EXPECT_TRUE(test::same(got.bytes, text));
          EXPECT_FALSE(got.fault);
        }
      }
    }
  }
  EXPECT_GT(headers, 10);
}

TEST(decoding, takes_text_for_text_though_it_begins_as_bzip2_does) {
  for (const std::string& text :
       {"B"s, "BZ\n"s, "BZh\n"s, "BZh9"s, "BZh9 is a header\n"s, "BZh91AY is one, too\n"s}) {
    const content got = decode_parts(test::split_every(text, 1));
    EXPECT_TRUE(test::same(got.bytes, text));
    EXPECT_FALSE(got.fault);
  }
}

TEST(decoding, does_as_it_is_told_about_the_codec) {
  const std::string stored = test::pipe_through("gzip -c", "text\n");
  EXPECT_EQ(decode_bytes(stored, {.as = codec::none}).bytes, stored);
  EXPECT_EQ(decode_bytes(stored, {.as = codec::gzip}).bytes, "text\n");
  EXPECT_FALSE(decode_bytes("", {.as = codec::gzip}).fault);
  const content got = decode_bytes("plain text, no gzip\n", {.as = codec::gzip});
  ASSERT_TRUE(got.fault);
  EXPECT_EQ(got.fault->why, "gzip: not a gzip member");
  EXPECT_TRUE(test::same(got.bytes, ""));
}

/// Gives its parts one by one and notes what it was asked for.
byte_stream noting(parts in, std::vector<pull>* asked, std::shared_ptr<block_pool> pool) {
  byte_stream from = test::stored(std::move(in), std::move(pool));
  for (;;) {
    const pull wanted = co_await request;
    asked->push_back(wanted);
    chunk* const next = from.next(wanted);
    if (!next) co_return;
    co_yield *next;
  }
}

TEST(decoding, hands_deadline_and_drain_upstream_and_asks_once_a_pull) {
  const test::fixture f;
  const std::string stored = test::pipe_through("gzip -c", test::log_text(100'000));
  for (const std::string& bytes : {stored, test::log_text(2000)}) {
    std::vector<pull> asked;
    parts in = test::split_every(bytes, 1000);
    in.insert(in.begin() + 1, "");
    byte_stream out = decode(noting(in, &asked, f.with.pool), {}, f.with);
    const time_point soon{std::chrono::hours{5}};
    std::size_t before = 0;
    while (out.next({.until = soon, .drain = true})) {
      EXPECT_LE(asked.size(), before + 1);
      before = asked.size();
    }
    EXPECT_EQ(asked.size(), in.size() + 1);
    for (const pull& p : asked) EXPECT_TRUE(p.until == soon && p.drain);
  }
}

TEST(decoding, gives_the_time_back_when_nothing_came) {
  const test::fixture f;
  const std::string stored = test::pipe_through("gzip -c", test::log_text(100));
  byte_stream out =
      decode(test::stored({stored.substr(0, 30), "", stored.substr(30)}, f.with.pool), {}, f.with);
  std::vector<bool> empty;
  while (const chunk* next = out.next(pull{})) empty.push_back(next->bytes.empty());
  EXPECT_NE(std::ranges::find(empty, true), empty.end());
}

TEST(decoding, says_why_its_input_broke_off) {
  const test::fixture f;
  const std::string stored = test::pipe_through("gzip -c", test::log_text(100'000));
  const auto broken = [](std::string bytes) -> byte_stream {
    chunk next{.bytes = bytes,
               .memory = nullptr,
               .fault = byte_fault{.why = "connection lost", .from = 0, .to = 0}};
    co_yield next;
  };
  const content got = test::read_all(decode(broken(stored.substr(0, 5000)), {}, f.with));
  ASSERT_TRUE(got.fault);
  EXPECT_EQ(got.fault->why, "connection lost");
  EXPECT_TRUE(got.fault->cuts_line);
  EXPECT_GT(got.bytes.size(), 5000u);
}

TEST(decoding, reads_no_further_than_a_fault_if_it_knows_the_length) {
  const test::fixture f;
  std::vector<pull> asked;
  const std::string stored =
      test::pipe_through("gzip -c", "text\n") + "garbage" + std::string(100'000, 'x');
  byte_stream out = decode(noting(test::split_every(stored, 1000), &asked, f.with.pool),
                           {.stored_bytes = stored.size()}, f.with);
  const content got = test::read_all(std::move(out));
  ASSERT_TRUE(got.fault);
  EXPECT_EQ(got.fault->to, stored.size());
  EXPECT_EQ(asked.size(), 1u);
}

TEST(skipping, drops_the_front_of_the_content) {
  const test::fixture f;
  for (std::uint64_t bytes = 0; bytes < 10; ++bytes) {
    std::uint64_t missing_bytes = 0;
    const content got = test::read_all(skip(test::stored({"abc", "", "def"}, f.with.pool),
                                            position{.offset = bytes}, missing_bytes));
    EXPECT_TRUE(test::same(got.bytes, "abcdef"s.substr(std::min<std::size_t>(bytes, 6))));
    EXPECT_EQ(missing_bytes, bytes > 6 ? bytes - 6 : 0);
  }
}

/// What zlib makes of a raw deflate stream, fed byte by byte.
std::string inflate_raw(const std::string& stored) {
  z_stream z{};
  EXPECT_EQ(inflateInit2(&z, -15), Z_OK);
  std::string out;
  std::string room(1 << 16, '\0');
  int code = Z_OK;
  for (std::size_t at = 0; at < stored.size() && (code == Z_OK || code == Z_BUF_ERROR); ++at) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(&stored[at]));
    z.avail_in = 1;
    z.next_out = reinterpret_cast<Bytef*>(room.data());
    z.avail_out = static_cast<uInt>(room.size());
    code = inflate(&z, Z_NO_FLUSH);
    out.append(room.data(), room.size() - z.avail_out);
  }
  inflateEnd(&z);
  return out;
}

TEST(decoding, gives_what_zlib_gives_before_a_fault_in_deflate_data) {
  std::mt19937 random{5};
  const std::string header = "\x1f\x8b\x08\0\0\0\0\0\0\x03"s;
  const std::string body = test::pipe_through("gzip -nc", test::log_text(300'000)).substr(10);
  for (int round = 0; round < 400; ++round) {
    std::string broken;
    if (round % 2) {
      broken = body.substr(random() % 2 * (random() % 100), 500 + random() % 40'000);
      const std::size_t at = random() % broken.size();
      broken[at] = static_cast<char>(broken[at] ^ (1 << random() % 8));
    } else {  // one block of fixed codes, soon invalid
      broken = std::string(1, static_cast<char>(random() % 32 << 3 | 3));
      while (broken.size() < 60) broken += static_cast<char>(random());
    }
    const std::string expected = inflate_raw(broken);
    for (const parts& split : {parts{header + broken}, test::split_every(header + broken, 17),
                               test::split_at_random(header + broken, random)}) {
      const content got = decode_parts(split);
      if (got.fault->why == "gzip: data ends early") {
        // ISA-L decodes up to three literals at once, and does not give the first of them alone.
        EXPECT_GE(got.bytes.size() + 2, expected.size());
        EXPECT_TRUE(expected.starts_with(got.bytes));
      } else {
        EXPECT_TRUE(test::same(got.bytes, expected)) << round;
      }
    }
  }
}

RC_GTEST_PROP(decoding, comes_out_the_same_however_noise_behind_a_magic_number_is_split, ()) {
  const auto magic = *rc::gen::element<std::string>(
      "\x1f\x8b\x08\0\0\0\0\0\0\x03"s, "\x28\xb5\x2f\xfd"s, "BZh91AY&SY"s, "\xfd\x37zXZ\0"s,
      "\x04\x22\x4d\x18"s, "\x78\x9c"s, "\x50\x2a\x4d\x18"s);
  const auto noise = *rc::gen::arbitrary<std::string>();
  const content whole = decode_bytes(magic + noise);
  const content split = decode_parts(test::split_every(magic + noise, 1));
  RC_ASSERT(whole.bytes == split.bytes);
  RC_ASSERT(whole.fault.has_value() == split.fault.has_value());
}

}  // namespace
}  // namespace weir
