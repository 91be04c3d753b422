#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "parse/named_formats.hpp"
#include "parse/regex.hpp"
#include "parse/request_line.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// What `%{NAME}` stands for in the patterns of formats.
struct piece {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array<piece, 7> pieces{{
    {"ANY_TIME", R"(%{ISO_TIME}|%{CTIME}|%{SPELLED_TIME}|[A-Z][a-z]{2} [ \d]\d %{CLOCK}(?:\.\d+)?|)"
                 R"(\d\d/[A-Z][a-z]{2}/\d{4}:%{CLOCK} [+-]\d{4}|\d\d/\d\d/\d\d %{CLOCK}|)"
                 R"(\d{8}[- ]\d{1,2}:\d{1,2}:\d{1,2}(?:[.:]\d+)?|\d{10}(?:\.\d+)?)"},
    {"SPELLED_TIME", R"(\d{1,2}[-. ](?:[A-Z][A-Za-z]{2,8}|\d\d)[-. ]\d{4} %{CLOCK}(?:[.,]\d+)?|)"
                     R"([A-Z][a-z]{2,8} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d(?: [AP]M)?)"},
    {"ISO_TIME",
     R"(\d{4}[-/.]\d\d[-/.]\d\d[T _][ \d]\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|%{ZONE}\b|[+-]\d\d:?\d\d))?)"},
    {"CTIME", R"([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d %{CLOCK}(?:\.\d+)?(?: %{ZONE})? \d{4})"},
    {"ZONE",
     R"((?:UTC|GMT|[ECMPA][SD]T|AK[SD]T|WES?T|CES?T|EES?T|BST|MSK|[JKH]ST|HKT|SGT|A[CE][SD]T|AWST|)"
     R"(NZ[SD]T))"},
    {"CLOCK", R"(\d\d:\d\d:\d\d)"},
    {"LEVEL",
     R"((?i:trace|debug|information|info|notice|warning|warn|error|err|severe|fatal|critical|crit|)"
     R"(alert|emergency|emerg|panic|vrb|dbg|inf|wrn|ftl))"},
}};

/// A piece holds only pieces that stand behind it.
std::string expanded(std::string_view pattern) {
  std::string out{pattern};
  for (const piece& p : pieces) {
    const std::string spelled = "%{" + std::string{p.name} + "}";
    for (std::size_t at = 0; (at = out.find(spelled, at)) != out.npos; at += p.pattern.size()) {
      out.replace(at, spelled.size(), p.pattern);
    }
  }
  return out;
}

using line_patterns = std::vector<std::shared_ptr<const line_pattern>>;

/// Tries one pattern after the other.
class first_match final : public line_parser {
 public:
  explicit first_match(std::shared_ptr<const line_patterns> all) : all_(std::move(all)) {
    for (const auto& p : *all_) parsers_.emplace_back(p);
  }

  verdict parse(std::string_view line, field_list& out) override {
    verdict v = keep;
    for (regex_parser& p : parsers_) {
      v = p.parse(line, out);
      if (v.is_keep()) break;
    }
    out.keep_names(all_);  // of this batch's other lines as well
    return v;
  }

 private:
  std::shared_ptr<const line_patterns> all_;
  std::vector<regex_parser> parsers_;
};

struct format_options {
  bool lenient = false;
  bool status_level = false;
  std::string on_invalid = "reject";
};

/// `text` in double quotes, as a pipeline's text has it.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

const std::vector<named_format>& named_formats() {
  static const std::vector<named_format> all = [] {
    std::vector<named_format> out;
    for (const auto family : {cloud_formats(), server_formats(), program_formats()}) {
      out.insert(out.end(), family.begin(), family.end());
    }
    return out;
  }();
  return all;
}

const named_format& named_format_called(std::string_view name) {
  return *std::ranges::find(named_formats(), name, &named_format::name);
}

make_line_parser parser_of(const named_format& f, layout_settings how) {
  if (!f.fields.empty()) {
    const auto plan = std::make_shared<const layout>(read_layout(f.fields, f.names).value());
    return [plan, how] { return std::make_unique<layout_parser>(plan, how); };
  }
  const auto compiled = std::make_shared<line_patterns>();
  for (const std::string_view p : f.patterns) {
    // The message of a joined record goes on over its further lines.
    compiled->push_back(std::make_shared<const line_pattern>("(?s)" + expanded(p)));
  }
  if (compiled->size() == 1) {
    return [only = compiled->front()] { return std::make_unique<regex_parser>(only); };
  }
  return [compiled] { return std::make_unique<first_match>(compiled); };
}

component component_of(const named_format& f) {
  declare<format_options> made(component::role::stage, std::string{f.name}, std::string{f.summary});
  std::string description{f.description};
  if (f.fields.empty()) {
    description += "\n\nA line of another form is rejected.";
  } else {
    description +=
        " A `-` or an empty text is a missing field.\n\nStrict by default: times and numbers have "
        "to be what they should be, and nothing may stand behind the last field. With lenient=true "
        "they may be any text, and more text is the field rest.";
    made.option("lenient", &format_options::lenient, "Take lines that differ a little.");
  }
  if (!f.names.status.empty())
    made.option("status_level", &format_options::status_level, std::string{status_level_text});
  made.describe(description);
  made.option("on_invalid", &format_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices);
  made.example("One line", "from text " + in_quotes(f.sample) + " | " + std::string{f.name});
  return made.makes([f = &f](const format_options& o, reporter&) -> product {
    const layout_settings how{.lenient = o.lenient, .status_level = o.status_level};
    return line_parser_stage(parser_of(*f, how), o.on_invalid);
  });
}

}  // namespace weir
