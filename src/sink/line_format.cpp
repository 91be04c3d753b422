#include "sink/line_format.hpp"

namespace weir {

std::vector<std::string> line_format_names() {
  return {"ndjson", "text"};
}

line_format line_format_named(const std::string& name) {
  return name == "text" ? line_format::text : line_format::ndjson;
}

delivery write_lines(const batch& records, line_format as, output& out) {
  return write_each(records, out,
                    [as](const record& r, std::string& line) { append_line(r, as, line); });
}

}  // namespace weir
