#include "engine/step_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"

namespace weir {

located_text step_cursor::located(std::size_t begin, std::size_t end) const {
  while (begin < end && is_blank(text_[begin])) ++begin;
  while (end > begin && is_blank(text_[end - 1])) --end;
  return {std::string{text_.substr(begin, end - begin)}, span(begin, end - begin)};
}

std::string_view step_cursor::peek_word() const {
  std::size_t end = at_;
  while (end < text_.size() && is_word_char(text_[end])) ++end;
  constexpr std::string_view ends = "|()";
  if (end < text_.size() && !is_blank(text_[end]) && !ends.contains(text_[end])) return {};
  return text_.substr(at_, end - at_);
}

std::size_t step_cursor::end_of_bareword(std::size_t from, std::string_view stops) const {
  std::size_t open = 0, end = from;
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    if (is_blank(c) || c == '|' || stops.contains(c)) break;
    if (c == '(') ++open;
    if (c != ')') continue;
    if (open > 0)
      --open;
    else if (depth_ > 0)
      break;
  }
  return end;
}

void step_cursor::skip_blanks() {
  while (!at_end() && is_blank(here())) ++at_;
}

void step_cursor::skip_body() {
  std::size_t open = 0;
  while (!at_end()) {
    if (open == 0 && at_element_end()) return;
    if (is_quote(here())) {
      const std::size_t end = end_of_quoted(text_, at_);
      at_ = end == std::string_view::npos ? at_ + 1 : end;
      continue;
    }
    if (here() == '(') ++open;
    if (here() == ')' && open > 0) --open;
    ++at_;
  }
}

bool step_cursor::step_over_quoted() {
  const std::size_t end = end_of_quoted(text_, at_);
  if (end != std::string_view::npos) {
    at_ = end;
    return true;
  }
  report_.error("this string is not closed", span(at_, 1), fmt::format("add a {}", here()));
  at_ = text_.size();
  return false;
}

void step_cursor::report_double_pipe() {
  report_.error("`||` is no operator", span(at_, 2),
                "concat(a, b) joins strings, `or` joins conditions, one `|` separates steps");
}

std::optional<located_text> step_cursor::read_expression() {
  const std::size_t start = at_;
  std::vector<std::size_t> open;
  std::size_t first_pipe = text_.size();
  while (!at_end()) {
    const char c = here();
    if (is_quote(c)) {
      if (!step_over_quoted()) return std::nullopt;
      continue;
    }
    if (is_at("||")) {
      report_double_pipe();
      ++at_;
    } else if (c == '|' || c == ')') {
      if (open.empty()) break;
      if (c == '|')
        first_pipe = std::min(first_pipe, at_);
      else
        open.pop_back();
    } else if (c == '(') {
      open.push_back(at_);
    }
    ++at_;
  }
  if (at_end() && !open.empty()) {
    report_.error("this `(` is not closed", span(open.back(), 1), "add a `)`");
    at_ = first_pipe;
  }
  return located(start, at_);
}

std::vector<argument> step_cursor::read_arguments(bool until_by) {
  std::vector<argument> all;
  for (;;) {
    skip_blanks();
    if (at_element_end() || (until_by && peek_word() == "by")) return all;
    all.push_back(read_argument());
  }
}

argument step_cursor::read_argument() {
  argument a;
  if (read_key(a) && (at_element_end() || is_blank(here()))) {
    report_.error(fmt::format("`{}=` has no value", a.name.text), a.name.where,
                  "put the value right behind the `=`, or \"\" for an empty one");
    return a;
  }
  if (is_quote(here())) {
    a.quoted = true;
    a.value = read_string();
  } else {
    const std::size_t end = end_of_bareword(at_);
    a.value = located(at_, end);
    at_ = end;
  }
  return a;
}

/// Reads `key=` if there is one: only an identifier is a key, so that `s3://b/day=1/` is a value.
bool step_cursor::read_key(argument& a) {
  std::size_t end = at_;
  while (end < text_.size() && is_word_char(text_[end])) ++end;
  const bool digit_first = is_digit(here());
  if (end == at_ || digit_first || end == text_.size() || text_[end] != '=') return false;
  a.name = located(at_, end);
  at_ = end + 1;
  return true;
}

std::optional<char> step_cursor::unescaped(char c) noexcept {
  constexpr std::string_view themselves = "\\'\"";
  if (c == 'n') return '\n';
  if (c == 't') return '\t';
  return themselves.contains(c) ? std::optional(c) : std::nullopt;
}

located_text step_cursor::read_string() {
  const std::size_t start = at_;
  if (!step_over_quoted()) return {};
  located_text made{{}, span(start, at_ - start)};
  std::size_t unknown = 0;
  for (std::size_t i = start + 1; i + 1 < at_; ++i) {
    const bool escape = text_[i] == '\\' && text_[start] != '`';
    const auto meant = escape ? unescaped(text_[++i]) : std::optional(text_[i]);
    if (!meant && unknown == 0) unknown = i;
    made.text += meant.value_or(text_[i]);
  }
  if (unknown > 0) report_unknown_escape(unknown);
  if (!at_element_end() && !is_blank(here())) {
    report_.error("a blank is missing behind the string", span(at_, 1), "strings stand alone");
    at_ = std::max(at_ + 1, end_of_bareword(at_));
  }
  return made;
}

/// One complaint for a whole string: a pattern is likely to hold more of them.
void step_cursor::report_unknown_escape(std::size_t i) {
  report_.error(
      "unknown escape in a string", span(i - 1, 2),
      fmt::format(R"(write \\{} for a backslash in front of it, and double the others too; )"
                  R"(the escapes are \\ \' \" \n \t)",
                  text_[i]));
}

}  // namespace weir
