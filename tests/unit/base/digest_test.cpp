#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir {
namespace {

// From: printf abc | sha256sum
TEST(digest, sha256_is_of_all_its_pieces) {
  constexpr auto of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(lower_hex(sha256("abc")), of_abc);
  EXPECT_EQ(lower_hex(sha256("a", "bc")), of_abc);
  EXPECT_EQ(lower_hex(sha256({}, "abc")), of_abc);
}

TEST(digest, base64_goes_both_ways) {
  for (const std::string text : {"", "a", "ab", "abc", "abcd"})
    EXPECT_EQ(from_base64(base64(text)), text);
  EXPECT_EQ(base64("abcd"), "YWJjZA==");
}

TEST(digest, what_is_no_base64_is_refused) {
  for (const char* text : {"YWJ", "!!!!", "====", "Y===", "YW=j", "YQ==YQ==", "    ", "YWJj    "})
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace weir
