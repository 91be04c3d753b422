#include "record/json_bytes.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

#include "weir/value.hpp"

namespace weir {
namespace {

void append_base64(std::string_view bytes, std::string& out) {
  const std::size_t before = out.size();
  // The library ends its text with a NUL.
  out.resize(before + (bytes.size() + 2) / 3 * 4 + 1);
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + before),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  out.pop_back();
}

std::string from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (size < 0 || padding > 2) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace

void write_json_bytes(std::string_view bytes, std::string& out) {
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return write_json_string(bytes, out);
  out.append("{\"$base64\":\"");
  append_base64(bytes, out);
  out.append("\"}");
}

std::string read_json_bytes(simdjson::dom::element json) {
  if (json.is_string()) return std::string{std::string_view{json}};
  return from_base64(json["$base64"]);
}

}  // namespace weir
