#include "engine/log_lines.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string log_of(const std::vector<std::string>& payloads) {
  std::string sum;
  std::string bytes;
  for (const std::string& p : payloads) {
    sum = sum_of(sum, p);
    bytes += sum + ' ' + p + '\n';
  }
  return bytes;
}

// printf 'abc{"a":1}' | sha256sum
TEST(log_lines, the_sum_is_sha_256_over_the_sum_before_and_the_payload) {
  EXPECT_EQ(sum_of("abc", R"({"a":1})"),
            "62de7fc29a6144bf049a4c6b18ffc63a51131bb6acc1496e50ba3b27b6a2a42b");
}

TEST(log_lines, what_was_written_is_read) {
  const std::string bytes = log_of({"{}", R"({"a":1})"});
  const log_reading found = read_log(bytes);
  EXPECT_EQ(found.payloads, (std::vector<std::string_view>{"{}", R"({"a":1})"}));
  EXPECT_EQ(found.good_bytes, bytes.size());
  EXPECT_EQ(found.lines_behind, 0u);
}

TEST(log_lines, a_log_cut_off_anywhere_ends_with_its_last_whole_line) {
  const std::string one = log_of({"{}"});
  const std::string bytes = log_of({"{}", R"({"a":1})"});
  for (std::size_t size = one.size(); size < bytes.size(); ++size) {
    const log_reading found = read_log(std::string_view{bytes}.substr(0, size));
    EXPECT_EQ(found.payloads.size(), 1u) << size;
    EXPECT_EQ(found.good_bytes, one.size()) << size;
    EXPECT_EQ(found.lines_behind, 0u) << size;
  }
}

TEST(log_lines, a_flipped_bit_of_any_byte_is_never_believed) {
  const std::string bytes = log_of({"{}", R"({"a":1})", R"({"b":2})", R"({"c":3})"});
  const log_reading whole = read_log(bytes);
  for (std::size_t at = 0; at < bytes.size() * 8; ++at) {
    std::string broken = bytes;
    broken[at / 8] = static_cast<char>(broken[at / 8] ^ (1 << at % 8));
    const log_reading found = read_log(broken);
    ASSERT_LT(found.payloads.size(), 4u) << at;
    for (std::size_t i = 0; i < found.payloads.size(); ++i) {
      EXPECT_EQ(found.payloads[i], whole.payloads[i]) << at;
    }
  }
}

TEST(log_lines, damage_anywhere_before_the_last_line_is_told_from_a_torn_end) {
  const std::string bytes = log_of({"{}", R"({"a":1})", R"({"b":2})", R"({"c":3})"});
  const std::size_t last = bytes.rfind('\n', bytes.size() - 2);
  for (std::size_t at = 0; at < last; ++at) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    EXPECT_GT(read_log(broken).lines_behind, 0u) << at;
  }
}

TEST(log_lines, two_lines_that_changed_places_are_not_believed) {
  const std::string a = log_of({"{}"});
  const std::string abc = log_of({"{}", R"({"a":1})", R"({"b":2})"});
  const std::size_t second = abc.find('\n', a.size()) + 1;
  const std::string swapped = a + abc.substr(second) + abc.substr(a.size(), second - a.size());
  EXPECT_EQ(read_log(swapped).payloads.size(), 1u);
}

}  // namespace
}  // namespace weir
