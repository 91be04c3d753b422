#include "codec/transcode.hpp"

#include <gtest/gtest.h>

#include "unit/codec/byte_streams.hpp"

namespace weir {
namespace {

using namespace std::string_literals;

/// `stored` as UTF-8, read in pieces of `size` bytes.
std::string as_utf8(const std::string& stored, const std::string& encoding, std::size_t size) {
  const test::fixture f;
  return test::read_all(transcode(test::stored(test::split_every(stored, size), f.with.pool),
                                  {.encoding = encoding_called(encoding)}, f.with))
      .bytes;
}

TEST(transcoding, a_byte_order_mark_tells_of_utf_16) {
  for (const std::size_t size : {1u, 2u, 3u, 64u}) {
    EXPECT_EQ(as_utf8("\xff\xfeg\0\xf6\0\n\0"s, "auto", size), "gö\n");
    EXPECT_EQ(as_utf8("\xfe\xff\0g\0\xf6\0\n"s, "auto", size), "gö\n");
    EXPECT_EQ(as_utf8("\xff\xfe"s, "auto", size), "");
    EXPECT_EQ(as_utf8("\xef\xbb\xbfg\n"s, "auto", size), "\xef\xbb\xbfg\n");
    EXPECT_EQ(as_utf8("\xff\xfe\0\0g\0\0\0"s, "auto", size), "g");  // UTF-32
    EXPECT_EQ(as_utf8("\xff", "auto", size), "\xff");
    EXPECT_EQ(as_utf8("\xff\xff\n", "auto", size), "\xff\xff\n");
    EXPECT_EQ(as_utf8("", "auto", size), "");
  }
}

// The labels of the WHATWG's Encoding Standard, and the codecs of Python's documentation.
TEST(transcoding, character_sets_have_the_names_that_people_call_them_by) {
  for (const char* name : {"latin-1", "Latin1", "LATIN_1", "L1", "iso-8859-1", "ISO_8859-1",
                           "iso8859-1", "windows-1252", "cp1252", "CP-1252", "Windows1252"}) {
    EXPECT_EQ(as_utf8("\xf6", name, 64), "ö") << name;
  }
  for (const char* name : {"utf-16le", "UTF16LE", "utf_16_le", "utf-16-le"}) {
    EXPECT_EQ(as_utf8("\xf6\0"s, name, 64), "ö") << name;
  }
  for (const char* name : {"shift_jis", "Shift-JIS", "SJIS", "cp932", "ms932", "windows-31j"}) {
    EXPECT_EQ(as_utf8("\x83\x65\\", name, 64), "テ\\") << name;
  }
  for (const char* name : {"gbk", "GB2312", "gb18030", "GB-18030", "cp936"}) {
    EXPECT_EQ(as_utf8("\xc4\xe3", name, 64), "你") << name;
  }
  for (const char* name : {"utf8", "UTF-8", "utf_8"}) EXPECT_EQ(encoding_called(name), "utf-8");
  EXPECT_TRUE(is_known_encoding("EUC_JP"));
  EXPECT_FALSE(is_known_encoding("latin-nonsense"));
}

}  // namespace
}  // namespace weir
