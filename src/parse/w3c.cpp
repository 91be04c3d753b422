#include <algorithm>
#include <array>

#include "parse/headed_formats.hpp"
#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

constexpr std::string_view fields_in_front = "#Fields:";

constexpr std::array<std::string_view, 12> numbers{
    "bytes",       "sc-bytes", "cs-bytes",       "sc-substatus",   "sc-win32-status", "s-port",
    "cs-uri-port", "c-port",   "sc-content-len", "sc-range-start", "sc-range-end",    "time-taken"};

column_type type_of(std::string_view name) {
  if (name == "sc-status" || name == "rs-status" || name == "status") return column_type::status;
  return std::ranges::find(numbers, name) == numbers.end() ? column_type::text
                                                           : column_type::number;
}

class w3c_extended final : public headed_format {
 public:
  line kind_of(std::string_view text) const noexcept override {
    if (!text.starts_with('#')) return line::record;
    return text.starts_with(fields_in_front) ? line::header : line::comment;
  }

  table_header read(std::span<const std::string> lines) const override {
    table_header header;
    header.quotes = true;
    if (lines.empty()) return header;
    std::string_view left = std::string_view{lines.back()}.substr(fields_in_front.size());
    for (;;) {
      left.remove_prefix(std::min(left.find_first_not_of(" \t"), left.size()));
      if (left.empty()) return header;
      const std::string_view name = left.substr(0, left.find_first_of(" \t"));
      if (name == "date") header.date = header.columns.size();
      if (name == "time") header.time = header.columns.size();
      const column_type holds = type_of(name);
      const bool from_behind = name == "rs-status" && header.status != table_header::none;
      if (holds == column_type::status && !from_behind) header.status = header.columns.size();
      header.columns.push_back({.name = std::string{name}, .holds = holds});
      left.remove_prefix(name.size());
    }
  }
};

struct w3c_options {
  bool lenient = false;
  bool status_level = false;
  std::string on_invalid = "reject";
};

}  // namespace

const headed_format& w3c_format() {
  static const w3c_extended format;
  return format;
}

component w3c() {
  declare<w3c_options> made(component::role::stage, "w3c",
                            "Reads the W3C extended log format: IIS, CloudFront, proxies.");
  made.describe(
      "Each record has the fields that the latest `#Fields:` line in front of it names, as they "
      "are spelled there (`sc-status`, `cs(User-Agent)`: put them in backticks), with blanks or "
      "tabs between them. A `-` or an empty text is a missing field; a field may stand in quotes. "
      "Status, ports, sizes and time-taken are numbers. Where date and time are columns, the "
      "field timestamp joins them, in UTC as the format has it.\n\n" +
      std::string{rules_of_headed_tables});
  declare_headed(made);
  made.option("status_level", &w3c_options::status_level, std::string{status_level_text});
  made.example("What IIS refused",
               "from iis.log | w3c | where `sc-status` >= 400 | keep timestamp, `cs-uri-stem`");
  return made.makes([](const w3c_options& o, reporter&) -> product {
    const table_settings how{.lenient = o.lenient, .status_level = o.status_level};
    return headed_stage(unowned(w3c_format()), how, o.on_invalid);
  });
}

}  // namespace weir
