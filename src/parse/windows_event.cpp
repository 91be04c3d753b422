#include "parse/windows_event.hpp"

#include <algorithm>
#include <array>

#include "base/blank.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "record/known_framings.hpp"

namespace weir {
namespace {

/// What the numbers of a level mean; 0 is what is always logged.
constexpr std::array<std::string_view, 6> levels{"info",    "critical", "error",
                                                 "warning", "info",     "verbose"};

struct windows_event_options {
  std::string on_invalid = "reject";
};

}  // namespace

verdict windows_event_parser::parse(std::string_view line, field_list& out) {
  const std::string_view text = trimmed(line);
  if (!text.starts_with('<')) return reject("not an Event");
  if (const xml_fault fault = event_.read(line); !fault.ok())
    return reject(fault.why, static_cast<std::uint32_t>(fault.at));
  const xml_element& event = event_.root();
  if (event.name != "Event") return reject("not an Event");
  const xml_element* const system = event.child("System");
  if (system == nullptr) return reject("an Event without System");
  for (const xml_element* const part : system->children) add_system(*part, out);
  for (const xml_element* const part : event.children) {
    if (part == system) continue;
    part->name == "EventData" ? add_data(*part, out) : add_whole(*part, out);
  }
  return keep;
}

void windows_event_parser::add_system(const xml_element& part, field_list& out) {
  if (part.name == "TimeCreated") return add_text("TimeCreated", part.attribute("SystemTime"), out);
  if (part.name == "Level") add_level(part.text, out);
  if (part.name == "EventID" && !part.attribute("Qualifiers").empty())
    add_text("Qualifiers", part.attribute("Qualifiers"), out);
  if (!part.text.empty()) return add_text(part.name, part.text, out);
  if (!part.attributes.empty()) add_whole(part, out);
}

void windows_event_parser::add_level(std::string_view number, field_list& out) {
  if (number.size() != 1 || number[0] < '0' || number[0] > '5') return;
  out.add("level", levels[static_cast<std::size_t>(number[0] - '0')]);
}

/// By their names; those without one in a row.
void windows_event_parser::add_data(const xml_element& data, field_list& out) {
  xml_element named{.name = data.name, .attributes = data.attributes, .children = {}, .text = {}};
  std::deque<xml_element> renamed;
  for (const xml_element* const part : data.children) {
    const std::string_view name = part->attribute("Name");
    const bool is_named = part->name == "Data" && !name.empty();
    if (is_named)
      renamed.push_back(
          {.name = std::string{name}, .attributes = {}, .children = {}, .text = part->text});
    named.children.push_back(is_named ? &renamed.back() : part);
  }
  add_whole(named, out);
}

void windows_event_parser::add_whole(const xml_element& part, field_list& out) {
  if (part.attributes.empty() && part.children.empty() && part.text.empty()) return;
  scratch_.clear();
  write_json(part, scratch_);
  out.add(out.memory().copy(part.name), out.memory().copy(scratch_), text_form::json);
}

void windows_event_parser::add_text(std::string_view name, std::string_view text, field_list& out) {
  if (text.empty()) return;
  out.add(out.memory().copy(name), out.memory().copy(text),
          is_json_number(text) ? text_form::json : text_form::plain);
}

component windows_event() {
  return declare<windows_event_options>(component::role::stage, "windows_event",
                                        "Reads events of the Windows event log in XML.")
      .describe(
          "Stands right behind the source. Each `<Event>` element is a record, whether it stands "
          "in a document of `<Events>`, follows another one or has a line to itself; what stands "
          "around them is skipped. The parts of its System are fields; TimeCreated is its "
          "SystemTime, and `level` the word for Level, so that @time and @level are known. "
          "EventData is an object of its Data by their names (those without one are the array "
          "Data), UserData and others are objects as they stand. Entities are never expanded: "
          "an event with a document type is rejected, as is one of more than 10,000 elements. A "
          "file in UTF-16, as Windows writes it, is known by its byte order mark; without one it "
          "needs `encoding=utf-16le`.")
      .option("on_invalid", &windows_event_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Failed logons", "from events.xml | windows_event | where EventID = 4625")
      .makes([](const windows_event_options& o, reporter&) -> product {
        stage made = line_parser_stage([] { return std::make_unique<windows_event_parser>(); },
                                       o.on_invalid);
        made.cut_by = known_framing_called("windows_event")->how;
        return made;
      });
}

}  // namespace weir
