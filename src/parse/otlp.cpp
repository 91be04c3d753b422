#include "parse/otlp.hpp"

#include <algorithm>
#include <array>

#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "record/json_elements.hpp"
#include "record/json_grammar.hpp"
#include "record/json_members.hpp"
#include "record/known_framings.hpp"

namespace weir {
namespace {

/// Members whose names have several words. The protocol's definition has underscores there.
struct name_pair {
  std::string_view defined;
  std::string_view json;
};
constexpr std::array<name_pair, 15> name_pairs{{
    {"time_unix_nano", "timeUnixNano"},
    {"observed_time_unix_nano", "observedTimeUnixNano"},
    {"severity_number", "severityNumber"},
    {"severity_text", "severityText"},
    {"dropped_attributes_count", "droppedAttributesCount"},
    {"trace_id", "traceId"},
    {"span_id", "spanId"},
    {"event_name", "eventName"},
    {"string_value", "stringValue"},
    {"bool_value", "boolValue"},
    {"int_value", "intValue"},
    {"double_value", "doubleValue"},
    {"bytes_value", "bytesValue"},
    {"array_value", "arrayValue"},
    {"kvlist_value", "kvlistValue"},
}};

std::string_view json_name(std::string_view key) {
  const auto found = std::ranges::find(name_pairs, key, &name_pair::defined);
  return found == name_pairs.end() ? key : found->json;
}

/// The text of a string that is one number: 64 bits are written so.
std::string_view number_in(std::string_view value) {
  if (value.size() < 3 || value.front() != '"') return {};
  const std::string_view inside = value.substr(1, value.size() - 2);
  return is_json_number(inside) ? inside : std::string_view{};
}

std::string_view member_called(std::string_view object, std::string_view name) {
  std::string_view found;
  if (!object.starts_with('{')) return found;
  for_each_member(object, [&](const member& m) {
    if (found.empty() && json_name(m.key) == name) found = m.value;
  });
  return found;
}

void write_value(std::string_view wrapped, std::string& out);

void write_elements(std::string_view array, std::string& out) {
  char before = '[';
  for (json_elements all(array); !all.done();) {
    out += before;
    before = ',';
    write_value(all.next(), out);
  }
  if (before == '[') out += before;
  out += ']';
}

/// A list of keys and values as an object. What is no pair is left out: it has no name.
void write_pairs(std::string_view list, std::string& out) {
  char before = '{';
  for (json_elements all(list); !all.done();) {
    const std::string_view pair = all.next();
    const std::string_view key = member_called(pair, "key");
    if (!key.starts_with('"')) continue;
    out += before;
    before = ',';
    out.append(key).append(":");
    write_value(member_called(pair, "value"), out);
  }
  if (before == '{') out += before;
  out += '}';
}

void write_list(std::string_view holder, bool pairs, std::string& out) {
  std::string_view list = member_called(holder, "values");
  if (!list.starts_with('[')) list = "[]";
  pairs ? write_pairs(list, out) : write_elements(list, out);
}

/// The one member of a wrapped value says what it is; one without members is null.
void write_value(std::string_view wrapped, std::string& out) {
  text_members members(wrapped);
  if (!wrapped.starts_with('{') || !members.next()) {
    out += wrapped.starts_with('{') || wrapped.empty() ? "null" : wrapped;
    return;
  }
  const member& only = members.current();
  const std::string_view type = json_name(only.key);
  if (type == "arrayValue") return write_list(only.value, false, out);
  if (type == "kvlistValue") return write_list(only.value, true, out);
  const std::string_view number =
      type == "intValue" || type == "doubleValue" ? number_in(only.value) : std::string_view{};
  out += number.empty() ? only.value : number;
}

/// What stands around the attributes of a resource or a scope.
void write_holder(std::string_view object, std::string& out) {
  char before = '{';
  for_each_member(object, [&](const member& m) {
    out += before;
    before = ',';
    out.append("\"").append(json_name(m.key)).append("\":");
    if (m.key == "attributes" && m.value.starts_with('['))
      write_pairs(m.value, out);
    else
      out += m.value;
  });
  if (before == '{') out += before;
  out += '}';
}

bool is_time(std::string_view name) noexcept {
  return name == "timeUnixNano" || name == "observedTimeUnixNano";
}

struct otlp_options {
  std::string on_invalid = "reject";
};

}  // namespace

void otlp_parser::add(std::string_view name, std::string_view value, field_list& out) {
  scratch_.clear();
  if (name == "body" && value.starts_with('{'))
    write_value(value, scratch_);
  else if (name == "attributes" && value.starts_with('['))
    write_pairs(value, scratch_);
  else if ((name == "resource" || name == "scope") && value.starts_with('{'))
    write_holder(value, scratch_);
  else if (value.contains('\n'))
    scratch_ = value;
  else
    return out.add(name, is_time(name) && !number_in(value).empty() ? number_in(value) : value,
                   text_form::json);
  // Valid JSON has them between tokens only.
  std::ranges::replace_if(scratch_, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  out.add(name, out.memory().copy(scratch_), text_form::json);
}

verdict otlp_parser::parse(std::string_view line, field_list& out) {
  if (const json_fault fault = check_json_object(line); !fault.ok())
    return reject(fault.why, fault.at);
  for (text_members members(line); members.next();) {
    const member& m = members.current();
    if (m.key.size() > field_list::longest_name) return reject("a name too long");
    std::string_view name = json_name(m.key);
    if (name.contains('\\')) {
      scratch_.clear();
      unescape(name, scratch_);
      name = out.memory().copy(scratch_);
    }
    add(name, m.value, out);
  }
  return keep;
}

component otlp() {
  return declare<otlp_options>(component::role::stage, "otlp",
                               "Reads logs of OpenTelemetry in OTLP's JSON.")
      .describe(
          "Stands right behind the source. Each log record of a document (`resourceLogs`, "
          "`scopeLogs`, `logRecords`), or of one a line, is a record with an ordinal and a place "
          "of its own. It has its members, its attributes and body as plain values, and the "
          "resource and the scope that stand in front of it in the document as `resource` and "
          "`scope`. @time is its timeUnixNano, and @level its severityText or severityNumber.")
      .option("on_invalid", &otlp_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Warnings and worse", "from otlp.json | otlp | where @level >= warn")
      .makes([](const otlp_options& o, reporter&) -> product {
        stage made =
            line_parser_stage([] { return std::make_unique<otlp_parser>(); }, o.on_invalid);
        made.cut_by = known_framing_called("otlp")->how;
        return made;
      });
}

}  // namespace weir
