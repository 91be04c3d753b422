#include "record/dead_record.hpp"

#include <simdjson.h>

#include "record/json_bytes.hpp"

namespace weir {
namespace {

using simdjson::dom::element;

std::string bytes_if_there(element e, std::string_view key) {
  element found;
  return e[key].get(found) == simdjson::SUCCESS ? read_json_bytes(found) : std::string{};
}

}  // namespace

std::optional<dead_record> parse_dead_record(std::string_view line) try {
  simdjson::dom::parser parser;
  const element e = parser.parse(line.data(), line.size());
  dead_record out{.source = read_json_bytes(e["source"]),
                  .number = e["number"],
                  .offset = e["offset"],
                  .stage = read_json_bytes(e["stage"]),
                  .reason = read_json_bytes(e["reason"]),
                  .at = e["at"],
                  .raw = read_json_bytes(e["raw"]),
                  .shard = bytes_if_there(e, "shard"),
                  .pipeline = bytes_if_there(e, "pipeline")};
  if (out.number == 0) return std::nullopt;
  return out;
} catch (const simdjson::simdjson_error&) {
  return std::nullopt;
}

}  // namespace weir
