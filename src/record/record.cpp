#include "weir/record.hpp"

#include <algorithm>

#include "record/json_find.hpp"
#include "record/parsed_fields.hpp"

namespace weir {
namespace {

constexpr std::string_view message_field = "message";

bool is_message(const field_path& path) {
  return path.segments.size() == 1 && path.segments[0].element < 0 &&
         path.segments[0].name == message_field;
}

// In valid JSON a line break stands only between tokens, where a blank does as well.
void append_one_line(std::string_view json, std::string& out) {
  const std::size_t before = out.size();
  out.append(json);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
      [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

}  // namespace

value record::get(const field_path& path) const {
  if (shape_ != shape::json) return get_of_line(path);
  const std::string_view json = find_json(*this, path);
  return json.data() == nullptr ? value{} : read_json(json);
}

value record::get_of_line(const field_path& path) const {
  if (shape_ == shape::fields) return find_parsed(*this, path);
  return is_message(path) ? value::of(text()) : value{};
}

value record::get(std::string_view path) const {
  return get(parse_path(path));
}

void record::write(std::string& out) const {
  if (shape_ == shape::text) {
    out.append("{\"message\":");
    write_json_string(text(), out);
    out.push_back('}');
  } else if (shape_ == shape::fields) {
    write_parsed(*this, out);
  } else if (many_lines_) {
    append_one_line(text(), out);
  } else {
    out.append(text());
  }
}

}  // namespace weir
