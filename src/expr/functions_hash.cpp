#include <openssl/evp.h>
#include <xxhash.h>
#include <zlib.h>

#include <array>

#include "expr/functions.hpp"

namespace weir::expr {
namespace {

value hex(const call& c, std::span<const unsigned char> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string& out = c.memory.fresh();
  for (const unsigned char b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return value::of(std::string_view{out});
}

value hex(const call& c, std::uint64_t number, std::size_t bytes) {
  std::array<unsigned char, 8> big_endian{};
  for (std::size_t i = 0; i < bytes; ++i) {
    big_endian[bytes - 1 - i] = static_cast<unsigned char>(number >> (8 * i));
  }
  return hex(c, std::span{big_endian}.first(bytes));
}

template <const EVP_MD* (*Algorithm)()>
value digest(const call& c) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const std::string_view text = c.text(0);
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, Algorithm(), nullptr) != 1) {
    return value::null();
  }
  return hex(c, std::span{bytes}.first(size));
}

value xxh3(const call& c) {
  return hex(c, XXH3_64bits(c.text(0).data(), c.text(0).size()), 8);
}

value crc32_of(const call& c) {
  const auto* const bytes = reinterpret_cast<const Bytef*>(c.text(0).data());
  return hex(c, crc32_z(0, bytes, c.text(0).size()), 4);
}

constexpr auto a_text = parameter::text;
constexpr auto result = static_type::text;

// The results are those of md5sum, sha1sum, sha256sum, xxhsum -H3 and gzip.
constexpr std::array table{
    function{"md5",
             "hash",
             {a_text},
             1,
             1,
             result,
             "md5(text)",
             "MD5 in hexadecimal; not for security.",
             "md5('abc')",
             R"("900150983cd24fb0d6963f7d28e17f72")",
             digest<EVP_md5>},
    function{"sha1",
             "hash",
             {a_text},
             1,
             1,
             result,
             "sha1(text)",
             "SHA-1 in hexadecimal; not for security.",
             "sha1('abc')",
             R"("a9993e364706816aba3e25717850c26c9cd0d89d")",
             digest<EVP_sha1>},
    function{"sha256",
             "hash",
             {a_text},
             1,
             1,
             result,
             "sha256(text)",
             "SHA-256 in hexadecimal.",
             "sha256('abc')",
             R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")",
             digest<EVP_sha256>},
    function{"xxh3",
             "hash",
             {a_text},
             1,
             1,
             result,
             "xxh3(text)",
             "XXH3 with 64 bits in hexadecimal: fast, for sampling and sharding.",
             "xxh3('abc')",
             R"("78af5f94892f3950")",
             xxh3},
    function{"crc32",
             "hash",
             {a_text},
             1,
             1,
             result,
             "crc32(text)",
             "CRC-32 of gzip in hexadecimal.",
             "crc32('abc')",
             R"("352441c2")",
             crc32_of},
};

}  // namespace

std::span<const function> hash_functions() {
  return table;
}

}  // namespace weir::expr
