// The files of shared/data/compress, against what gzip, zstd, xz, bzip2, lz4 and zlib make of them.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <map>

#include "codec/decode.hpp"
#include "unit/codec/byte_streams.hpp"

namespace weir {
namespace {

using test::content;

const std::string folder = WEIR_DATA "/compress/";

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), sum.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", sum[i]);
  return hex;
}

struct reference {
  std::string file;
  bool good = true;
  std::string sum;
};

std::vector<reference> references() {
  std::vector<reference> out;
  simdjson::dom::parser parser;
  for (simdjson::dom::element row : parser.load_many(folder + "expected.jsonl")) {
    reference next{.file = std::string{std::string_view{row["file"]}}, .good = true, .sum = {}};
    const bool is_plain = std::string_view{row["format"]} == "plain";
    next.good = is_plain || std::int64_t{row["rc"]} == 0;
    next.sum = is_plain ? sha256(test::read_file(folder + next.file))
                        : std::string{std::string_view{row["out_sha256"]}};
    out.push_back(next);
  }
  return out;
}

content decode_file(const std::string& file) {
  test::fixture f;
  const std::string bytes = test::read_file(folder + file);
  return test::read_all(
      decode(test::stored(test::split_every(bytes, block_bytes), f.with.pool), {}, f.with));
}

/// Where weir's answer is another one, and why.
struct difference {
  std::optional<std::string_view> fault;  ///< unset: no fault
  bool as_stored;                         ///< plain bytes to weir
};
constexpr difference no_magic_number{.fault = std::nullopt, .as_stored = true};

const std::map<std::string, difference> differences{
    // Raw deflate begins with no magic number: by content it is plain bytes. So is .lzma that does
    // not decode from its beginning.
    {"indexed_bzip2/1B.deflate", no_magic_number},
    {"indexed_bzip2/base64-32KiB.deflate", no_magic_number},
    {"indexed_bzip2/dolorem-ipsum.txt.deflate", no_magic_number},
    {"indexed_bzip2/empty.deflate", no_magic_number},
    {"xz/bad-too_big_size-with_eopm.lzma", no_magic_number},
    {"xz/bad-too_small_size-without_eopm-1.lzma", no_magic_number},
    {"xz/bad-too_small_size-without_eopm-2.lzma", no_magic_number},
    {"xz/bad-too_small_size-without_eopm-3.lzma", no_magic_number},
    {"xz/bad-0-header_magic.xz", no_magic_number},  // its fault is that the magic number is wrong
    // gzip refuses an empty file; to weir a file without bytes is one without records.
    {"indexed_bzip2/empty.migz", no_magic_number},
    {"indexed_bzip2/empty.pgzf", no_magic_number},
    // No gzip, as gzip says: but a zlib stream of 18 bytes and more behind it.
    {"zlib-ng/GH-1600-packobj.gz", {.fault = "zlib: trailing garbage", .as_stored = false}},
};

TEST(reference_files, come_out_as_the_reference_tools_have_them) {
  std::size_t compared = 0;
  for (const reference& expected : references()) {
    if (differences.contains(expected.file)) continue;
    const content got = decode_file(expected.file);
    EXPECT_EQ(sha256(got.bytes), expected.sum) << expected.file;
    EXPECT_EQ(!got.fault, expected.good)
        << expected.file << (got.fault ? ": " + got.fault->why : "");
    ++compared;
  }
  EXPECT_EQ(compared, 146 - differences.size());
}

TEST(reference_files, differ_only_where_the_list_says_why) {
  for (const auto& [file, expected] : differences) {
    const content got = decode_file(file);
    EXPECT_EQ(got.fault ? std::optional<std::string_view>{got.fault->why} : std::nullopt,
              expected.fault)
        << file;
    if (expected.as_stored) {
      EXPECT_TRUE(test::same(got.bytes, test::read_file(folder + file))) << file;
    }
  }
}

TEST(reference_files, come_out_the_same_however_they_are_split) {
  std::mt19937 random{20261123};
  test::fixture f;
  for (const reference& expected : references()) {
    const std::string bytes = test::read_file(folder + expected.file);
    const content whole = decode_file(expected.file);
    for (int round = 0; round < 4; ++round) {
      const test::parts split = round == 0 && bytes.size() < 2000
                                    ? test::split_every(bytes, 1)
                                    : test::split_at_random(bytes, random);
      const content got = test::read_all(decode(test::stored(split, f.with.pool), {}, f.with));
      ASSERT_EQ(got.bytes, whole.bytes) << expected.file;
      ASSERT_EQ(got.fault.has_value(), whole.fault.has_value()) << expected.file;
      if (!got.fault) continue;
      EXPECT_EQ(got.fault->why, whole.fault->why) << expected.file;
      EXPECT_EQ(got.fault->from, whole.fault->from) << expected.file;
      EXPECT_EQ(got.fault->to, bytes.size()) << expected.file;
    }
  }
}

}  // namespace
}  // namespace weir
