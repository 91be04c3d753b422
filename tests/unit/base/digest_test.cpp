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

// From RFC 4231, cases 1, 2 and 6.
TEST(digest, hmac_agrees_with_its_rfc) {
  const auto hex = [](const std::string& key, std::string_view text) {
    return lower_hex(hmac_sha256(key, text));
  };
  EXPECT_EQ(hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
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
