#include "expr/token_reader.hpp"

#include <array>

#include "expr/functions.hpp"

namespace weir::expr {
namespace {

constexpr std::array<std::string_view, 16> reserved{
    "and",     "or",   "not",   "in",   "like", "between", "is",   "null",
    "missing", "true", "false", "case", "when", "then",    "else", "end"};

std::string named(const token& t) {
  switch (t.type) {
    case token::kind::end:
      return "the expression ends";
    case token::kind::text:
      return "unexpected text";
    case token::kind::number:
    case token::kind::duration:
    case token::kind::name:
    case token::kind::quoted_name:
    case token::kind::sign:
    case token::kind::wrong:
      break;
  }
  return "unexpected `" + t.text + "`";
}

std::string hint_for(const token& t) {
  if (t.type != token::kind::name || !is_reserved(t.text)) return {};
  return "`" + t.text + "` is a word of the language; a field of that name goes between backticks";
}

}  // namespace

bool is_reserved(std::string_view word) noexcept {
  return std::ranges::any_of(reserved, [&](std::string_view r) { return same_word(r, word); });
}

void token_reader::fail(std::string message, text_span where, std::string hint) {
  if (!broken_) report_.error(std::move(message), where, std::move(hint));
  broken_ = true;
}

void token_reader::correct(const token& t, std::string hint) {
  if (!broken_) report_.error("`" + t.text + "` is not an operator here", t.where, std::move(hint));
}

void token_reader::unexpected(const std::string& wanted) {
  const token& t = peek();
  if (t.type == token::kind::wrong) broken_ = true;  // reported by the lexer
  const std::string where_it_is = t.type == token::kind::end ? " where " : ", expected ";
  const std::string tail = t.type == token::kind::end ? wanted + " should follow" : wanted;
  fail(named(t) + where_it_is + tail, t.where, hint_for(t));
}

void token_reader::trailing() {
  const token& t = peek();
  if (t.type == token::kind::wrong) broken_ = true;  // reported by the lexer
  fail(named(t) + " after the expression", t.where, trailing_hint(t));
}

std::string token_reader::trailing_hint(const token& t) const {
  if (t.type == token::kind::text && tokens_[at_ - 1].type == token::kind::text) {
    return "a quote inside a text is written \\' or \\\"";
  }
  if (t.type == token::kind::text || t.type == token::kind::number) {
    return "compare with `=`, `!=`, `<`, `like`, `~` or `in (...)`";
  }
  if (t.is(token::kind::sign, ",")) return "a list goes between parentheses: `x in (1, 2)`";
  if (t.type == token::kind::name && same_word(t.text, "ilike"))
    return "write `lower(x) like 'a%'`; or `x ~ '(?i)a'`";
  if (t.type == token::kind::name && find_function(t.text) != nullptr) {
    return "it is a function: " + std::string{find_function(t.text)->signature};
  }
  if (t.type == token::kind::name || t.type == token::kind::quoted_name) {
    return "join conditions with `and` or `or`, assignments with a comma";
  }
  return {};
}

bool token_reader::expect_sign(std::string_view s) {
  if (take_sign(s)) return true;
  unexpected("`" + std::string{s} + "`");
  return false;
}

bool token_reader::expect_word(std::string_view w) {
  if (take_word(w)) return true;
  unexpected("`" + std::string{w} + "`");
  return false;
}

void token_reader::recover() {
  if (!broken_) return;
  for (int level = 0; peek().type != token::kind::end; next()) {
    if (level == 0 && (at_sign(",") || at_sign(")"))) {
      broken_ = false;
      return;
    }
    if (at_sign("(")) ++level;
    if (at_sign(")")) --level;
  }
}
}  // namespace weir::expr
