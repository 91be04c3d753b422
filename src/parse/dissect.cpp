#include "parse/dissect.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "parse/json_number.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

using piece = dissect_pattern::piece;

/// `name`, `?name`, `+name/2`, `&name`, each perhaps with `->` behind it.
piece read_piece(std::string_view spelled) {
  piece p;
  if (spelled.ends_with("->")) {
    p.padded = true;
    spelled.remove_suffix(2);
  }
  const char mark = spelled.empty() ? '\0' : spelled[0];
  if (mark == '?') p.is = piece::part::name;
  if (mark == '+') p.is = piece::part::appended;
  if (mark == '&') p.is = piece::part::named;
  if (p.is != piece::part::field) spelled.remove_prefix(1);
  const std::size_t slash = spelled.rfind('/');
  if (p.is == piece::part::appended && slash != spelled.npos) {
    const std::string_view order = spelled.substr(slash + 1);
    std::from_chars(order.data(), order.data() + order.size(), p.order);
    spelled = spelled.substr(0, slash);
  }
  p.name = spelled;
  return p;
}

/// What is wrong with the pieces as a whole; empty if nothing is.
std::string fault_of(const dissect_pattern& pattern) {
  bool any = false;
  for (std::size_t i = 0; i < pattern.pieces.size(); ++i) {
    const piece& p = pattern.pieces[i];
    if (p.delimiter.empty() && i + 1 < pattern.pieces.size()) {
      return "nothing stands between `" + p.name + "` and the next field";
    }
    const auto names_it = [&](const piece& other) {
      return other.name == p.name && &other != &p && other.is != piece::part::named;
    };
    if (p.is == piece::part::named && std::ranges::none_of(pattern.pieces, names_it)) {
      return "`&" + p.name + "` has no `?" + p.name + "` that gives its name";
    }
    any = any || (!p.name.empty() && p.is != piece::part::name);
  }
  return any ? "" : "the pattern names no field";
}

struct dissect_options {
  std::string pattern;
  bool infer = true;
  std::string on_invalid = "reject";
};

std::shared_ptr<const dissect_pattern> compile(const dissect_options& o, reporter& report) {
  std::string error;
  auto pattern = read_dissect(o.pattern, error);
  if (!error.empty()) report.error(error, {}, "the form is %{time} %{level}: %{message}");
  return pattern;
}

}  // namespace

std::shared_ptr<const dissect_pattern> read_dissect(std::string_view text, std::string& error) {
  auto made = std::make_shared<dissect_pattern>();
  std::size_t at = std::min(text.find("%{"), text.size());
  made->prefix = text.substr(0, at);
  while (at < text.size()) {
    const std::size_t end = text.find('}', at);
    if (end == text.npos) {
      error = "`%{` without its `}`";
      return nullptr;
    }
    const std::size_t next = std::min(text.find("%{", end), text.size());
    piece& p = made->pieces.emplace_back(read_piece(text.substr(at + 2, end - at - 2)));
    p.delimiter = text.substr(end + 1, next - end - 1);
    at = next;
  }
  error = fault_of(*made);
  return made;
}

dissect_parser::dissect_parser(std::shared_ptr<const dissect_pattern> pattern, bool infer)
    : pattern_(std::move(pattern)), infer_(infer), found_(pattern_->pieces.size()) {}

verdict dissect_parser::parse(std::string_view line, field_list& out) {
  if (const verdict v = split(line); !v.is_keep()) return v;
  out.keep_names(pattern_);
  for (std::size_t i = 0; i < found_.size(); ++i) add(i, out);
  return keep;
}

verdict dissect_parser::split(std::string_view line) {
  if (!line.starts_with(pattern_->prefix)) return reject("the line does not begin as the pattern");
  std::size_t at = pattern_->prefix.size();
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const piece& p = pattern_->pieces[i];
    const std::size_t end = p.delimiter.empty() ? line.size() : line.find(p.delimiter, at);
    if (end == line.npos) {
      return reject("a delimiter is missing", static_cast<std::uint32_t>(at));
    }
    found_[i] = line.substr(at, end - at);
    at = end + p.delimiter.size();
    while (p.padded && !p.delimiter.empty() && line.substr(at).starts_with(p.delimiter)) {
      at += p.delimiter.size();
    }
  }
  if (at == line.size()) return keep;
  return reject("text behind the pattern's end", static_cast<std::uint32_t>(at));
}

void dissect_parser::add(std::size_t i, field_list& out) {
  const auto& pieces = pattern_->pieces;
  const piece& p = pieces[i];
  const auto same = [&](const piece& other) {
    return other.name == p.name && other.is != piece::part::named;
  };
  if (p.name.empty() || p.is == piece::part::name) return;
  std::string_view name = p.name;
  if (p.is == piece::part::named) {
    name = found_[static_cast<std::size_t>(std::ranges::find_if(pieces, same) - pieces.begin())];
    if (name.size() > field_list::longest_name) name = name.substr(0, field_list::longest_name);
  } else if (std::ranges::count_if(pieces, same) > 1) {
    if (&*std::ranges::find_if(pieces, same) == &p) add_joined(p.name, out);
    return;
  }
  const bool number = infer_ && is_json_number(found_[i]);
  out.add(name, found_[i], number ? text_form::json : text_form::plain);
}

/// The pieces of one name, in their order, with the delimiters that stand in front of them.
void dissect_parser::add_joined(const std::string& name, field_list& out) {
  const auto& pieces = pattern_->pieces;
  std::vector<std::size_t> parts;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].name == name && pieces[i].is != piece::part::named) parts.push_back(i);
  }
  std::ranges::sort(parts, {}, [&](std::size_t i) { return std::pair(pieces[i].order, i); });
  std::string text;
  for (const std::size_t i : parts) {
    if (i != parts.front()) text += i > 0 ? pieces[i - 1].delimiter : " ";
    text += found_[i];
  }
  out.add(name, out.memory().copy(text));
}

component dissect() {
  return declare<dissect_options>(component::role::stage, "dissect",
                                  "Splits lines at fixed delimiters, `%{time} %{level}: %{msg}`.")
      .describe(
          "What stands between the fields of the pattern has to stand between them in the line; "
          "each delimiter is looked for from the left, and the pattern covers the whole line. "
          "`%{}` and `%{?name}` skip, `%{+name}` (`%{+name/2}`) joins pieces into one field in "
          "their order, `%{?key}=%{&key}` takes the field's name from the line, `%{name->}` takes "
          "repeats of the delimiter behind it as one.")
      .option("pattern", &dissect_options::pattern, "The pattern.", required)
      .option("infer", &dissect_options::infer, "Take texts that are numbers of JSON as numbers.")
      .option("on_invalid", &dissect_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Jobs that took long",
               "from jobs.log | dissect '%{job} took %{ms} ms' | where ms > 1000")
      .makes([](const dissect_options& o, reporter& report) -> product {
        return line_parser_stage(
            [pattern = compile(o, report), infer = o.infer] {
              return std::make_unique<dissect_parser>(pattern, infer);
            },
            o.on_invalid);
      });
}

}  // namespace weir
