#include <algorithm>
#include <array>

#include "parse/headed_formats.hpp"
#include "parse/parsers.hpp"

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
      header.columns.push_back({.name = std::string{name}, .holds = type_of(name)});
      left.remove_prefix(name.size());
    }
  }
};

}  // namespace

const headed_format& w3c_format() {
  static const w3c_extended format;
  return format;
}

component w3c() {
  declare<headed_options> made(component::role::stage, "w3c",
                               "Reads the W3C extended log format: IIS, CloudFront, proxies.");
  made.describe(
      "Each record has the fields that the latest `#Fields:` line in front of it names, as they "
      "are spelled there (`sc-status`, `cs(User-Agent)`: put them in backticks), with blanks or "
      "tabs between them. A `-` or an empty text is a missing field; a field may stand in quotes. "
      "Status, ports, sizes and time-taken are numbers. Where date and time are columns, the "
      "field timestamp joins them, in UTC as the format has it.\n\n" +
      std::string{rules_of_headed_tables});
  declare_headed(made);
  made.example("What IIS refused",
               "from iis.log | w3c | where `sc-status` >= 400 | keep timestamp, `cs-uri-stem`");
  return made.makes([](const headed_options& o, reporter&) -> product {
    return headed_stage(unowned(w3c_format()), o);
  });
}

}  // namespace weir
