#pragma once
#include <simdjson.h>

#include <string>
#include <string_view>

namespace weir {

/// Appends bytes that may not be UTF-8, such as a file's name, as JSON: as a string if they are,
/// else as {"$base64":"..."}.
void write_json_bytes(std::string_view bytes, std::string& out);

/// Reads them back. Throws simdjson::simdjson_error if `json` is neither.
std::string read_json_bytes(simdjson::dom::element json);

}  // namespace weir
