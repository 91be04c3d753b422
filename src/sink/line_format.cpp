#include "sink/line_format.hpp"

namespace weir {

std::vector<std::string> line_format_names() {
  return {"ndjson", "text"};
}

line_format line_format_named(const std::string& name) {
  if (name == "csv") return line_format::csv;
  return name == "text" ? line_format::text : line_format::ndjson;
}

delivery write_lines(const batch& records, record_lines& as, output& out) {
  return write_each(records, out,
                    [&as](const record& r, std::string& line) { as.append(r, line); });
}

}  // namespace weir
