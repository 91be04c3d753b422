#include "record/dead_record.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>

namespace weir {
namespace {

using simdjson::dom::element;

struct not_a_dead_record {};

std::string from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (size < 0 || padding > 2) throw not_a_dead_record{};
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string bytes_of(element e) {
  if (e.is_string()) return std::string{std::string_view{e}};
  return from_base64(e["$base64"]);
}

std::string bytes_if_there(element e, std::string_view key) {
  element found;
  return e[key].get(found) == simdjson::SUCCESS ? bytes_of(found) : std::string{};
}

}  // namespace

std::optional<dead_record> parse_dead_record(std::string_view line) try {
  simdjson::dom::parser parser;
  const element e = parser.parse(line.data(), line.size());
  dead_record out{.source = bytes_of(e["source"]),
                  .number = e["number"],
                  .offset = e["offset"],
                  .stage = bytes_of(e["stage"]),
                  .reason = bytes_of(e["reason"]),
                  .at = e["at"],
                  .raw = bytes_of(e["raw"]),
                  .shard = bytes_if_there(e, "shard"),
                  .pipeline = bytes_if_there(e, "pipeline")};
  if (out.number == 0) return std::nullopt;
  return out;
} catch (const simdjson::simdjson_error&) {
  return std::nullopt;
} catch (const not_a_dead_record&) {
  return std::nullopt;
}

}  // namespace weir
