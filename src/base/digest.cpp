#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>
#include <new>

namespace weir {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// Found once: `EVP_sha256` is looked up anew each time that it is used, which takes longer than a
/// short text.
const EVP_MD* sha256_method() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> found(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  return found.get();
}

}  // namespace

std::string sha256(std::string_view text, std::string_view more) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  if (!digest || EVP_DigestInit_ex(digest.get(), sha256_method(), nullptr) != 1 ||
      EVP_DigestUpdate(digest.get(), text.data(), text.size()) != 1 ||
      EVP_DigestUpdate(digest.get(), more.data(), more.size()) != 1 ||
      EVP_DigestFinal_ex(digest.get(), bytes_of(out), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return out;
}

std::string md5(std::string_view text) {
  std::string out(16, '\0');
  if (EVP_Digest(text.data(), text.size(), bytes_of(out), nullptr, EVP_md5(), nullptr) != 1)
    throw std::bad_alloc();
  return out;
}

/// OpenSSL's own looks up and allocates for each text more than the two sums take.
std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string inner = key.size() > SHA256_CBLOCK ? sha256(key) : std::string{key};
  inner.resize(SHA256_CBLOCK);
  std::string outer = inner;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  return sha256(outer, sha256(inner, text));
}

std::string lower_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
  const int size = EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  const std::size_t end = std::min(text.find('='), text.size());
  const std::size_t padding = text.size() - end;
  // To OpenSSL padding is zeros, wherever it stands.
  const bool padded_well = padding <= 2 && text.find_first_not_of('=', end) == text.npos;
  if (text.size() % 4 != 0 || !padded_well) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size()));
  // Fewer, if it left out blanks around the text.
  if (size != static_cast<int>(out.size())) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace weir
