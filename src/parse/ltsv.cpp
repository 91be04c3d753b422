#include "parse/ltsv.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

bool is_label_character(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
}

/// Apache writes its times in brackets.
std::string_view without_brackets(std::string_view time) noexcept {
  const bool brackets = time.size() > 2 && time.front() == '[' && time.back() == ']';
  return brackets ? time.substr(1, time.size() - 2) : time;
}

struct ltsv_options {
  bool lenient = false;
  bool infer = true;
  bool status_level = false;
  std::string on_invalid = "reject";
};

}  // namespace

verdict ltsv_parser::parse(std::string_view line, field_list& out) {
  std::string_view status;
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t end = std::min(line.find('\t', from), line.size());
    const std::string_view field = line.substr(from, end - from);
    const std::string_view label = field.substr(0, field.find(':'));
    const bool is_labelled = !label.empty() && label.size() < field.size() &&
                             label.size() <= field_list::longest_name &&
                             (how_.lenient || std::ranges::all_of(label, is_label_character));
    if (is_labelled) {
      const std::string_view text = field.substr(label.size() + 1);
      add(label, text, out);
      if (label == "status") status = text;
    } else if (!how_.lenient) {
      return reject("a field without a label", static_cast<std::uint32_t>(from));
    }
    from = end + 1;
  }
  if (out.size() == 0 && how_.lenient) return reject("no field with a label");
  if (how_.status_level && !status.empty() && is_digit(status[0]))
    out.add("level", level_of_status(status));
  return keep;
}

void ltsv_parser::add(std::string_view label, std::string_view text, field_list& out) const {
  if (text == "-") return;
  const std::string_view number = label == "status" ? status_number(text) : text;
  if (how_.infer && is_json_number(number)) return out.add(label, number, text_form::json);
  out.add(label, label == "time" ? without_brackets(text) : text);
}

component ltsv() {
  return declare<ltsv_options>(component::role::stage, "ltsv",
                               "Reads labelled tab-separated values (LTSV).")
      .describe(
          "Fields `label:value` with tabs between them, as ltsv.org has it. A value that is a "
          "number is one, a `-` is a missing field, and the brackets around a `time` are left "
          "out.\n\n"
          "Strict by default: every field has a label of letters, digits, `_`, `.` and `-`. With "
          "lenient=true a label may hold anything, and what has none is left out.")
      .option("lenient", &ltsv_options::lenient, "Take lines that break the rules.")
      .option("infer", &ltsv_options::infer, "Take numbers as such.")
      .option("status_level", &ltsv_options::status_level, std::string{status_level_text})
      .option("on_invalid", &ltsv_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Failed requests",
               "from text \"host:192.0.2.7\\tstatus:502\\nhost:192.0.2.8\\tstatus:200\" | ltsv | "
               "where status >= 500")
      .makes([](const ltsv_options& o, reporter&) -> product {
        const ltsv_parser::settings how{
            .lenient = o.lenient, .infer = o.infer, .status_level = o.status_level};
        return line_parser_stage([how] { return std::make_unique<ltsv_parser>(how); },
                                 o.on_invalid);
      });
}

}  // namespace weir
