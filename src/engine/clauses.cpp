#include "engine/clauses.hpp"

#include <fmt/format.h>

#include "engine/scan.hpp"

namespace weir {
namespace {

/// Whether `text` could name a field: a wide net, the stage's own check is the exact one.
bool may_be_field(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') {
      i = end_of_quoted(text, i) - 1;
      continue;
    }
    constexpr std::string_view others = ".@[]-";
    if (!is_word_char(text[i]) && !others.contains(text[i])) return false;
  }
  return !text.empty();
}

/// An example of the step, for hints.
std::string_view sample(grammar g) {
  switch (g) {
    case grammar::assignments:
      return "name = expression";
    case grammar::renames:
      return "old as new";
    default:
      return "name";
  }
}

void report_piece(grammar g, const located_text& piece, const step_text& step, reporter& report) {
  if (piece.text.empty())
    return report.error("nothing between two commas", piece.where, "take one comma away");
  report.error(fmt::format("`{}` takes `{}`, not this", step.name.text, sample(g)), piece.where,
               g == grammar::fields ? "put commas between names, backticks around odd ones"
                                    : fmt::format("write `{} {}, ...`", step.name.text, sample(g)));
}

/// `key = text`. The first `=` counts, but not as a part of `==`, `<=`, `>=` or `!=`.
std::optional<clause> read_assignment(const located_text& piece, const step_text& step,
                                      reporter& report) {
  const auto equals = find_outside(piece.text, '=');
  if (equals == std::string::npos) return std::nullopt;
  clause made{trimmed(piece, 0, equals), trimmed(piece, equals + 1, piece.text.size())};
  if (!may_be_field(made.key.text)) return std::nullopt;
  if (made.text.text.starts_with('=')) {
    report.error("`==` compares nothing here", {piece.where.offset + equals, 2},
                 fmt::format("`{}` assigns with one `=`", step.name.text));
  } else if (made.text.text.empty()) {
    report.error(fmt::format("`{}` is set to nothing", made.key.text), made.key.where,
                 "put an expression behind the `=`, or `null`");
  }
  return made;
}

/// `key as text`.
std::optional<clause> read_rename(const located_text& piece) {
  const std::string_view text = piece.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_quote(text[i])) i = std::min(end_of_quoted(text, i), text.size()) - 1;
    const bool here = i > 0 && is_blank(text[i - 1]) && text.substr(i, 2) == "as" &&
                      i + 2 < text.size() && is_blank(text[i + 2]);
    if (!here) continue;
    clause made{trimmed(piece, 0, i), trimmed(piece, i + 2, text.size())};
    if (!may_be_field(made.key.text) || !may_be_field(made.text.text)) return std::nullopt;
    return made;
  }
  return std::nullopt;
}

std::optional<clause> read_piece(grammar g, const located_text& piece, const step_text& step,
                                 reporter& report) {
  if (piece.text.empty()) return std::nullopt;
  if (g == grammar::assignments) return read_assignment(piece, step, report);
  if (g == grammar::renames) return read_rename(piece);
  if (g == grammar::ordering) return read_order(piece);
  if (!may_be_field(piece.text)) return std::nullopt;
  clause made;
  made.key = piece;
  return made;
}

}  // namespace

clause read_order(const located_text& piece) {
  for (const std::string_view word : {"asc", "desc"}) {
    const auto size = piece.text.size();
    if (!piece.text.ends_with(word) || size <= word.size()) continue;
    const auto begin = size - word.size();
    if (!is_blank(piece.text[begin - 1])) continue;
    return {trimmed(piece, begin, size), trimmed(piece, 0, begin)};
  }
  return {{"asc", {piece.where.offset + piece.where.length, 0}}, piece};
}

void read_clauses(grammar g, const located_text& body, step_text& step, reporter& report) {
  if (g == grammar::expression) {
    step.clauses.emplace_back().text = body;
    return;
  }
  for (const located_text& piece : split(body, ',')) {
    if (auto made = read_piece(g, piece, step, report))
      step.clauses.push_back(*std::move(made));
    else
      report_piece(g, piece, step, report);
  }
}

}  // namespace weir
