#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "parse/grouped_parser.hpp"
#include "parse/named_formats.hpp"
#include "parse/pattern_pieces.hpp"
#include "parse/regex.hpp"
#include "parse/request_line.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

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

using layouts = std::vector<std::shared_ptr<const layout>>;

/// Reads a line by the format's layout or by the one of its older lines.
class newer_or_older final : public line_parser {
 public:
  newer_or_older(std::shared_ptr<const layouts> both, layout_settings how)
      : both_(std::move(both)), newer_(both_->front(), how), older_(both_->back(), how) {}

  verdict parse(std::string_view line, field_list& out) override {
    const verdict v = newer_.parse(line, out);
    if (!v.is_keep()) out.undo();
    const bool is_read = v.is_keep() || older_.parse(line, out).is_keep();
    out.keep_names(both_);  // of this batch's other lines as well
    return is_read ? keep : v;
  }

 private:
  std::shared_ptr<const layouts> both_;
  layout_parser newer_;
  layout_parser older_;
};

make_line_parser parser_of_layouts(const named_format& f, layout_settings how) {
  const auto compiled = [&f](std::string_view fields) {
    return std::make_shared<const layout>(read_layout(fields, f.names).value());
  };
  if (f.older_fields.empty()) {
    return [plan = compiled(f.fields), how] { return std::make_unique<layout_parser>(plan, how); };
  }
  const auto both =
      std::make_shared<const layouts>(layouts{compiled(f.fields), compiled(f.older_fields)});
  return [both, how] { return std::make_unique<newer_or_older>(both, how); };
}

/// What the lines of a format match whose records have several.
struct line_kinds {
  explicit line_kinds(const named_format& f)
      : first(with_pieces(f.first_line)), further(with_pieces(f.further_line)) {}

  RE2 first;
  RE2 further;
};

class lines_of_kinds final : public line_rule {
 public:
  explicit lines_of_kinds(std::shared_ptr<const line_kinds> kinds) : kinds_(std::move(kinds)) {}

  place next(const record& line) override {
    const re2::StringPiece text{line.text().data(), line.text().size()};
    const bool joins = open_ && RE2::PartialMatch(text, kinds_->further);
    open_ = joins || RE2::PartialMatch(text, kinds_->first);
    return {.joins = joins, .open = open_};
  }
  void reset() override { open_ = false; }

 private:
  std::shared_ptr<const line_kinds> kinds_;
  bool open_ = false;
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
    if (c == '"' || c == '\\' || c == '\n') out += '\\';
    out += c == '\n' ? 'n' : c;
  }
  return out + '"';
}

}  // namespace

const std::vector<named_format>& named_formats() {
  static const std::vector<named_format> all = [] {
    std::vector<named_format> out;
    for (const auto family : {cloud_formats(), server_formats(), service_formats(),
                              console_formats(), program_formats()}) {
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
  if (f.own_parser != nullptr) return f.own_parser;
  if (!f.fields.empty()) return parser_of_layouts(f, how);
  const bool by_status = how.status_level && !f.names.status.empty();
  const level_by_group level = by_status ? level_by_group{f.names.status} : f.level;
  const auto compiled = std::make_shared<line_patterns>();
  for (const std::string_view p : f.patterns) {
    // The message of a joined record goes on over its further lines.
    compiled->push_back(std::make_shared<const line_pattern>("(?s)" + with_pieces(p), level));
  }
  if (compiled->size() == 1) {
    return [only = compiled->front()] { return std::make_unique<regex_parser>(only); };
  }
  return [compiled] { return std::make_unique<first_match>(compiled); };
}

line_groups::make_rule rule_of(const named_format& f) {
  if (f.first_line.empty()) return {};
  const auto kinds = std::make_shared<const line_kinds>(f);
  return [kinds](const run&) { return std::make_unique<lines_of_kinds>(kinds); };
}

component component_of(const named_format& f) {
  declare<format_options> made(component::role::stage, std::string{f.name}, std::string{f.summary});
  std::string description{f.description};
  const line_groups::make_rule rule = rule_of(f);
  if (rule) description += " " + std::string{grouped_record_limits_text};
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
  return made.makes([f = &f, rule](const format_options& o, reporter&) -> product {
    const layout_settings how{.lenient = o.lenient, .status_level = o.status_level};
    if (rule) return grouped_parser_stage(parser_of(*f, how), rule, o.on_invalid);
    return line_parser_stage(parser_of(*f, how), o.on_invalid);
  });
}

}  // namespace weir
