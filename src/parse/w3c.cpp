#include <algorithm>
#include <array>

#include "base/blank.hpp"
#include "base/time.hpp"
#include "parse/headed_formats.hpp"
#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

constexpr std::string_view fields_in_front = "#Fields:";
constexpr std::string_view date_in_front = "#Date:";

constexpr std::array<std::string_view, 24> numbers{
    "bytes", "sc-bytes", "cs-bytes", "sc-substatus", "sc-win32-status", "s-port", "cs-uri-port",
    "c-port", "sc-content-len", "sc-range-start", "sc-range-end", "time-taken",
    // Exchange
    "total-bytes", "recipient-count", "sequence-number",
    // the firewall of Windows
    "src-port", "dst-port", "size", "tcpsyn", "tcpack", "tcpwin", "icmptype", "icmpcode", "pid"};

column_type type_of(std::string_view name) {
  if (name == "sc-status" || name == "rs-status" || name == "status") return column_type::status;
  return std::ranges::find(numbers, name) == numbers.end() ? column_type::text
                                                           : column_type::number;
}

/// What stands behind `front` in the line that begins so; empty if there is none.
std::string_view text_behind(std::string_view front, std::span<const std::string> lines) {
  for (const std::string_view line : lines) {
    if (line.starts_with(front)) return trimmed(line.substr(front.size()));
  }
  return {};
}

/// The day of `2026-01-02 09:14:07`, as programs write it, or `02-Jan-2026 09:14:07`, as the
/// draft's example has it; empty if it is neither.
std::string day_of(std::string_view date) {
  const std::string_view day = date.substr(0, date.find_first_of(" T"));
  auto begins = scan_time(day, "%Y-%m-%d", 0);
  if (!begins) begins = scan_time(day, "%d-%b-%Y", 0);
  std::string out;
  if (begins) format_time(*begins, "%F", out);
  return out;
}

/// The name in front of `names`, taken off it; empty if there is none.
std::string_view take_name(std::string_view& names) noexcept {
  constexpr std::string_view between = " \t,";
  names.remove_prefix(std::min(names.find_first_not_of(between), names.size()));
  const std::string_view name = names.substr(0, names.find_first_of(between));
  names.remove_prefix(name.size());
  return name;
}

class w3c_extended final : public headed_format {
 public:
  line kind_of(std::string_view text) const noexcept override {
    if (!text.starts_with('#')) return line::record;
    const bool says_more = text.starts_with(fields_in_front) || text.starts_with(date_in_front);
    return says_more ? line::header : line::comment;
  }

  table_header read(std::span<const std::string> lines) const override {
    table_header header;
    header.quotes = true;
    header.day = day_of(text_behind(date_in_front, lines));
    std::string_view left = text_behind(fields_in_front, lines);
    if (left.contains(',')) {
      header.separator = ',';
      header.unset = "";  // a `-` is a value of Exchange's: the connection ends
    }
    for (;;) {
      const std::string_view name = take_name(left);
      if (name.empty()) return header;
      if (name == "date") header.date = header.columns.size();
      if (name == "time") header.time = header.columns.size();
      const column_type holds = type_of(name);
      const bool from_behind = name == "rs-status" && header.status != table_header::none;
      if (holds == column_type::status && !from_behind) header.status = header.columns.size();
      header.columns.push_back({.name = std::string{name}, .holds = holds});
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
  declare<w3c_options> made(
      component::role::stage, "w3c",
      "Reads the W3C extended log format: IIS, Exchange, CloudFront, proxies.");
  made.describe(
      "Each record has the fields that the latest `#Fields:` line in front of it names, as they "
      "are spelled there (`sc-status`, `cs(User-Agent)`: put them in backticks), with blanks or "
      "tabs between them. A `-` or an empty text is a missing field; a field may stand in quotes. "
      "Where commas stand between the names, as Exchange writes them, they do between the fields, "
      "and `-` is a value. "
      "Status, ports, sizes and time-taken are numbers. Where date and time are columns, the "
      "field timestamp joins them, in UTC as the format has it; without a column date the day is "
      "that of the latest `#Date:` line.\n\n" +
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
