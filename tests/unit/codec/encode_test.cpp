#include "codec/encode.hpp"

#include <gtest/gtest.h>

#include "unit/codec/compressed.hpp"

namespace weir {
namespace {

struct tool {
  codec as;
  std::string decompress;
};
const std::vector<tool> tools{{codec::gzip, "gzip -dc"}, {codec::zstd, "zstd -qdc"}};

TEST(encoding, writes_what_other_programs_read_at_every_level) {
  const std::string text = test::log_text(200'000);
  for (const tool& t : tools) {
    for (int level = 1; level <= highest_level(t.as); ++level) {
      const auto encode = make_encoder(t.as, level);
      std::string out;
      encode->write(text, out);
      encode->end_member(out);
      EXPECT_LT(out.size(), text.size() / 2) << level;
      EXPECT_TRUE(test::same(test::pipe_through(t.decompress, out), text))
          << t.decompress << ' ' << level;
    }
  }
}

TEST(encoding, makes_everything_readable_at_the_end_of_each_member) {
  std::mt19937 random{3};
  for (const tool& t : tools) {
    for (const int level : {1, 3, 6}) {
      const auto encode = make_encoder(t.as, level);
      std::string out;
      std::string written;
      for (int member = 0; member < 5; ++member) {
        for (std::string& piece : test::split_at_random(test::log_text(20'000), random)) {
          encode->write(piece, out);
          written += piece;
        }
        encode->end_member(out);
        EXPECT_TRUE(test::same(test::pipe_through(t.decompress, out), written));
      }
    }
  }
}

TEST(encoding, makes_no_empty_member_but_for_an_empty_file) {
  for (const tool& t : tools) {
    const auto encode = make_encoder(t.as);
    std::string out;
    encode->write("", out);
    EXPECT_EQ(out, "");
    encode->end_member(out);
    const std::size_t empty_file = out.size();
    EXPECT_GT(empty_file, 0u);
    EXPECT_EQ(test::pipe_through(t.decompress, out), "");
    encode->end_member(out);
    EXPECT_EQ(out.size(), empty_file);
    encode->write("text\n", out);
    encode->end_member(out);
    EXPECT_EQ(test::pipe_through(t.decompress, out), "text\n");
  }
}

TEST(encoding, gives_the_same_bytes_for_the_same_writes) {
  for (const tool& t : tools) {
    std::string first;
    std::string second;
    for (std::string* out : {&first, &second}) {
      const auto encode = make_encoder(t.as);
      for (const std::string& piece : test::split_every(test::log_text(100'000), 777)) {
        encode->write(piece, *out);
      }
      encode->end_member(*out);
    }
    EXPECT_EQ(first, second);
  }
}

}  // namespace
}  // namespace weir
