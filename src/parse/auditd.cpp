#include "parse/auditd.hpp"

#include <algorithm>

#include "base/text_front.hpp"
#include "parse/has_word.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

constexpr char enriched = '\x1d';  ///< in front of the names that auditd found for numbers

bool is_between(char c) noexcept {
  return c == ' ' || c == ',' || c == enriched;
}

/// The fields that are numbers, whatever the record; others may look like some.
constexpr std::string_view number_names =
    "argc auid egid euid exit fsgid fsuid gid items ino inode ogid ouid pid ppid res_pid ses sgid "
    "sig suid uid";

bool is_number(std::string_view name, std::string_view value) {
  return !name.contains(' ') && is_json_number(value) && has_word(number_names, name);
}

/// Takes a value off the front: in quotes of either kind, or up to what may stand between two.
std::string_view take_value(std::string_view& text, char& quote) noexcept {
  quote = !text.empty() && (text[0] == '"' || text[0] == '\'') ? text[0] : '\0';
  std::size_t end = quote != '\0' ? text.find(quote, 1) : 0;
  if (end == text.npos) quote = '\0';
  if (quote != '\0') {
    const std::string_view value = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return value;
  }
  end = 0;
  while (end < text.size() && !is_between(text[end])) ++end;
  const std::string_view value = text.substr(0, end);
  text.remove_prefix(end);
  return value;
}

/// `name=value` pairs; those in `msg='...'` count as if they stood outside. Words without a value,
/// as `avc: denied { read }` has them, become `text`.
void add_pairs(std::string_view text, field_list& out) {
  std::string words;
  while (!text.empty()) {
    if (is_between(text[0])) {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" =\x1d"), text.size());
    const std::string_view name = text.substr(0, end);
    const bool pair = end < text.size() && text[end] == '=' && end > 0;
    text.remove_prefix(std::min(text.size(), end + (end == 0 || pair ? 1 : 0)));
    if (!pair) {
      if (!words.empty() && !name.empty()) words += ' ';
      words += name;
      continue;
    }
    char quote = '\0';
    const std::string_view value = take_value(text, quote);
    if (quote == '\'') {
      add_pairs(value, out);
    } else if (!value.empty() && value != "?" && value != "(null)" &&
               name.size() <= field_list::longest_name) {
      const bool number = quote == '\0' && is_number(name, value);
      out.add(name, value, number ? text_form::json : text_form::plain);
    }
  }
  if (!words.empty()) out.add("text", out.memory().copy(words));
}

/// What stands in front of `mark`, which goes too; false if it does not come.
bool take_up_to(std::string_view& text, std::string_view mark, std::string_view& before) noexcept {
  const std::size_t at = text.find(mark);
  if (at == text.npos) return false;
  before = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return true;
}

struct auditd_options {
  std::string on_invalid = "reject";
};

}  // namespace

verdict auditd_parser::parse(std::string_view line, field_list& out) {
  std::string_view rest = line;
  std::string_view node;
  std::string_view type;
  std::string_view time;
  std::string_view serial;
  const auto fault = [&](std::string_view why) {
    return reject(why, static_cast<std::uint32_t>(line.size() - rest.size()));
  };
  if (take_front(rest, "node=") && !take_up_to(rest, " ", node)) return fault("expected type=");
  if (!take_front(rest, "type=") || !take_up_to(rest, " ", type)) return fault("expected type=");
  if (!take_front(rest, "msg=audit(") || !take_up_to(rest, ":", time) || !is_json_number(time) ||
      !take_up_to(rest, ")", serial) || !is_json_number(serial)) {
    return fault("expected msg=audit(TIME:SERIAL):");
  }
  if (!node.empty()) out.add("node", node);
  out.add("type", type);
  out.add("time", time);
  out.add("serial", serial, text_form::json);
  take_front(rest, ":");
  add_pairs(rest, out);
  return keep;
}

component auditd() {
  return declare<auditd_options>(component::role::stage, "auditd",
                                 "Reads Linux's audit log (auditd).")
      .describe(
          "Each line is a record: node, type, time (seconds since 1970), serial, and the pairs "
          "behind them, those inside of `msg='...'` as if they stood outside. The lines of one "
          "event share their serial. Ids and counts are numbers; `?`, `(null)` and nothing are a "
          "missing field; words that are no pair are the field text. Values that the kernel wrote "
          "in hexadecimal digits stay as they are.\n\nA line without `type=` and "
          "`msg=audit(TIME:SERIAL):` is rejected.")
      .option("on_invalid", &auditd_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("What was not allowed",
               "from text \"type=SYSCALL msg=audit(1767345247.243:24287): arch=c000003e syscall=2 "
               "success=no exit=-13 pid=3538 comm=\\\"cat\\\" exe=\\\"/bin/cat\\\"\" | auditd | "
               "where success = \"no\"")
      .makes([](const auditd_options& o, reporter&) -> product {
        return line_parser_stage([] { return std::make_unique<auditd_parser>(); }, o.on_invalid);
      });
}

}  // namespace weir
