#include "record/json_bytes.hpp"

#include <utility>

#include "base/digest.hpp"
#include "weir/value.hpp"

namespace weir {
void write_json_bytes(std::string_view bytes, std::string& out) {
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return write_json_string(bytes, out);
  out.append("{\"$base64\":\"");
  out.append(base64(bytes));
  out.append("\"}");
}

std::string read_json_bytes(simdjson::dom::element json) {
  if (json.is_string()) return std::string{std::string_view{json}};
  auto bytes = from_base64(json["$base64"]);
  if (!bytes) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return std::move(*bytes);
}

}  // namespace weir
