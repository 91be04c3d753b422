#include "weir/value.hpp"

#include <charconv>
#include <cmath>

#include "base/time.hpp"

namespace weir {
namespace {

bool is_integer_text(std::string_view number) noexcept {
  return number.find_first_of(".eE") == std::string_view::npos;
}

value number_of(kind k, std::string_view text) noexcept {
  value v;
  v.type = k;
  v.text = text;
  return v;
}

value read_number(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  if (is_integer_text(text)) {
    value v = number_of(kind::integer, text);
    const auto [stop, failed] = std::from_chars(text.data(), end, v.integer);
    return failed == std::errc{} && stop == end ? v : number_of(kind::decimal, text);
  }
  value v = number_of(kind::real, text);
  const auto [stop, failed] = std::from_chars(text.data(), end, v.real);
  // Out of range covers both 1e999 and 1e-999: neither is the infinity or the zero it would round
  // to.
  return failed == std::errc{} && stop == end ? v : number_of(kind::decimal, text);
}

value read_string(std::string_view quoted) noexcept {
  value v = value::of(quoted.substr(1, quoted.size() - 2));
  v.escaped = v.text.find('\\') != std::string_view::npos;
  return v;
}

template <class Number>
void append_number(Number n, std::string& out) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out.append(digits, end);
}

void write_real(double d, std::string& out) {
  if (!std::isfinite(d)) {
    out += "null";
    return;
  }
  const std::size_t start = out.size();
  append_number(d, out);
  // Keeps it a float for whoever reads it next.
  if (is_integer_text(std::string_view{out}.substr(start))) out += ".0";
}

}  // namespace

std::string_view name_of(kind k) noexcept {
  switch (k) {
    case kind::missing:
      return "missing";
    case kind::null:
      return "null";
    case kind::boolean:
      return "boolean";
    case kind::integer:
      return "integer";
    case kind::real:
      return "real";
    case kind::decimal:
      return "decimal";
    case kind::string:
      return "string";
    case kind::object:
      return "object";
    case kind::array:
      return "array";
    case kind::time:
      return "time";
  }
  return "missing";
}

value value::null() noexcept {
  value v;
  v.type = kind::null;
  return v;
}

value value::of(bool b) noexcept {
  value v;
  v.type = kind::boolean;
  v.boolean = b;
  return v;
}

value value::of(std::int64_t i) noexcept {
  value v;
  v.type = kind::integer;
  v.integer = i;
  return v;
}

value value::of(double d) noexcept {
  value v;
  v.type = kind::real;
  v.real = d;
  return v;
}

value value::of(std::string_view s) noexcept {
  value v;
  v.type = kind::string;
  v.text = s;
  return v;
}

value value::at_nanoseconds(std::int64_t since_epoch) noexcept {
  value v;
  v.type = kind::time;
  v.integer = since_epoch;
  return v;
}

value read_json(std::string_view json) noexcept {
  if (json.empty()) return {};
  switch (json.front()) {
    case '"':
      return json.size() < 2 ? value{} : read_string(json);
    case '{':
      return number_of(kind::object, json);
    case '[':
      return number_of(kind::array, json);
    case 't':
      return value::of(true);
    case 'f':
      return value::of(false);
    case 'n':
      return value::null();
    default:
      return read_number(json);
  }
}

void write_json(const value& v, std::string& out) {
  switch (v.type) {
    case kind::missing:
    case kind::null:
      out += "null";
      return;
    case kind::boolean:
      out += v.boolean ? "true" : "false";
      return;
    case kind::integer:
      v.text.empty() ? append_number(v.integer, out) : void(out += v.text);
      return;
    case kind::real:
      v.text.empty() ? write_real(v.real, out) : void(out += v.text);
      return;
    case kind::decimal:
    case kind::object:
    case kind::array:
      out += v.text;
      return;
    case kind::string:
      v.escaped ? write_escaped_json_string(v.text, out) : write_json_string(v.text, out);
      return;
    case kind::time:
      out += '"';
      format_rfc3339(v.integer, out);
      out += '"';
      return;
  }
}

}  // namespace weir
