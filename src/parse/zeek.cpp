#include <array>
#include <charconv>

#include "parse/headed_formats.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 6> subjects{"#separator",   "#set_separator", "#empty_field",
                                                   "#unset_field", "#fields",        "#types"};

/// The character that `#separator \x09` names.
char separator_of(std::string_view text) noexcept {
  unsigned code = '\t';
  if (text.starts_with("\\x"))
    std::from_chars(text.data() + 2, text.data() + text.size(), code, 16);
  return text.size() == 1 ? text[0] : static_cast<char>(code & 0x7f);
}

column_type type_of(std::string_view name) noexcept {
  if (name == "bool") return column_type::boolean;
  for (const std::string_view number : {"time", "interval", "count", "int", "double", "port"}) {
    if (name == number) return column_type::number;
  }
  return column_type::text;
}

/// `set[addr]` is a list of `addr`.
void set_type(column& c, std::string_view name) noexcept {
  const std::size_t bracket = name.find('[');
  c.list = bracket != name.npos && name.ends_with(']');
  c.holds = type_of(c.list ? name.substr(bracket + 1, name.size() - bracket - 2) : name);
}

class zeek_tsv final : public headed_format {
 public:
  line kind_of(std::string_view text) const noexcept override {
    if (!text.starts_with('#')) return line::record;
    for (const std::string_view s : subjects) {
      if (subject_of(text) == s) return line::header;
    }
    return line::comment;
  }

  table_header read(std::span<const std::string> lines) const override {
    table_header header;
    header.escapes = true;
    header.empty_list = "(empty)";
    header.separator = '\t';
    for (const std::string& line : lines) take(line, header);
    for (const std::string& line : lines) take_types(line, header);
    return header;
  }

 private:
  /// What stands behind the subject of a line.
  static std::string_view value_of(std::string_view line) noexcept {
    return line.substr(std::min(subject_of(line).size() + 1, line.size()));
  }

  static void take(std::string_view line, table_header& header) {
    const std::string_view subject = subject_of(line);
    const std::string_view value = value_of(line);
    if (subject == "#separator") header.separator = separator_of(value);
    if (subject == "#set_separator" && value.size() == 1) header.list_separator = value[0];
    if (subject == "#empty_field") header.empty_list = value;
    if (subject == "#unset_field") header.unset = value;
    if (subject != "#fields") return;
    for_each_word(value, header.separator, [&](std::string_view name) {
      header.columns.push_back({.name = std::string{name}});
    });
  }

  static void take_types(std::string_view line, table_header& header) {
    if (subject_of(line) != "#types") return;
    std::size_t count = 0;
    for_each_word(value_of(line), header.separator, [&](std::string_view type) {
      if (count < header.columns.size()) set_type(header.columns[count], type);
      ++count;
    });
    const bool whole = header.columns.empty() || count == header.columns.size();
    if (!whole) header.fault = reject("#types and #fields differ in number");
  }

  template <class Visit>
  static void for_each_word(std::string_view text, char separator, Visit visit) {
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t end = std::min(text.find(separator, from), text.size());
      visit(text.substr(from, end - from));
      from = end + 1;
    }
  }
};

}  // namespace

const headed_format& zeek_format() {
  static const zeek_tsv format;
  return format;
}

component zeek() {
  declare<headed_options> made(component::role::stage, "zeek",
                               "Reads the tab-separated logs of Zeek (formerly Bro).");
  made.describe(
      "The lines that begin with `#` name the fields, their types and how they are written. "
      "Times, intervals, counts, ports and doubles are numbers, as they stand; bools are true and "
      "false; sets and vectors are arrays. An unset field is missing, an empty one is an empty "
      "text "
      "or array, and `\\xHH` is the byte that it stands for where that makes UTF-8 and no control "
      "character.\n\n" +
      std::string{rules_of_headed_tables} + " Zeek's JSON logs are read by json.");
  declare_headed(made);
  made.example("Long connections", "from conn.log | zeek | where duration > 60");
  return made.makes([](const headed_options& o, reporter&) -> product {
    return headed_stage(unowned(zeek_format()), o);
  });
}

}  // namespace weir
