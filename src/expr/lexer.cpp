#include "expr/lexer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "base/duration.hpp"

namespace weir::expr {
namespace {

bool starts_name(char c) noexcept {
  return is_letter(c) || static_cast<unsigned char>(c) >= 0x80 || c == '_' || c == '@' || c == '$';
}
bool goes_on(char c) noexcept {
  return starts_name(c) || is_digit(c);
}

/// Longest first, so that `<=` is not `<` and `=`. `==`, `&&`, `||` and `!` are read to be refused
/// with a hint.
constexpr std::array<std::string_view, 26> signs{
    "=~", "~*", "==", "!=", "!~", "<>", "<=", ">=", "&&", "||", "=", "<", ">",
    "~",  "+",  "-",  "*",  "/",  "%",  "(",  ")",  "[",  "]",  ",", ".", "!"};

class lexer {
 public:
  lexer(const located_text& source, reporter& report)
      : text_(source.text), offset_(source.where.offset), report_(report) {}

  std::vector<token> read() {
    for (;;) {
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      start_ = at_;
      if (at_ == text_.size()) break;
      next();
    }
    add(token::kind::end, {});
    return std::move(tokens_);
  }

 private:
  void next() {
    const char c = text_[at_];
    if (c == '\'' || c == '"') return text(c);
    if (c == '`') return quoted_name();
    if (is_digit(c)) return number();
    if (starts_name(c)) return name();
    sign();
  }

  void add(token::kind k, std::string text) { tokens_.push_back({k, std::move(text), span()}); }
  text_span span() const noexcept { return {offset_ + start_, at_ - start_}; }
  void wrong(std::string message, std::string hint) {
    report_.error(std::move(message), span(), std::move(hint));
    add(token::kind::wrong, {});
  }

  void name() {
    while (at_ < text_.size() && goes_on(text_[at_])) ++at_;
    add(token::kind::name, std::string{text_.substr(start_, at_ - start_)});
  }

  void quoted_name() {
    std::string content;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '`') {
        if (!text_.substr(at_ + 1).starts_with('`')) {
          ++at_;
          return add(token::kind::quoted_name, content);
        }
        ++at_;
      }
      content += text_[at_];
    }
    wrong("a quoted name has no end", "close it with `` ` ``");
  }

  void text(char quote) {
    std::string content;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return add(token::kind::text, content);
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        append_escape(text_[++at_], content);
      } else {
        content += text_[at_];
      }
    }
    wrong("a text has no end", std::string{"close it with "} + quote);
  }

  // An unknown escape stays as it is, so that a regex may say \d without doubling the backslash.
  static void append_escape(char c, std::string& out) {
    switch (c) {
      case 'n':
        out += '\n';
        return;
      case 't':
        out += '\t';
        return;
      case '\\':
      case '\'':
      case '"':
        out += c;
        return;
      default:
        out += '\\', out += c;
        return;
    }
  }

  void digits() noexcept {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  void number() {
    digits();
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      digits();
    }
    exponent();
    if (at_ < text_.size() && goes_on(text_[at_])) return duration();
    std::string digits{text_.substr(start_, at_ - start_)};
    if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) {
      return wrong("a number does not begin with 0",
                   in_date() ? "a date goes between quotes: '2026-01-02'"
                             : "write `" + without_zeros(digits) + "`");
    }
    add(token::kind::number, std::move(digits));
  }

  void exponent() noexcept {
    std::size_t i = at_;
    if (i == text_.size() || (text_[i] != 'e' && text_[i] != 'E')) return;
    ++i;
    if (i < text_.size() && (text_[i] == '+' || text_[i] == '-')) ++i;
    if (i == text_.size() || !is_digit(text_[i])) return;
    at_ = i;
    digits();
  }

  /// `01` of `2026-01-02`, or its `02`.
  bool in_date() const noexcept {
    const std::string_view before = text_.substr(0, start_);
    return before.ends_with('-') && before.size() > 2 && is_digit(before[before.size() - 2]) &&
           at_ - start_ == 2;
  }

  static std::string without_zeros(std::string digits) {
    const std::size_t first = digits.find_first_not_of('0');
    const bool whole = first != std::string::npos && is_digit(digits[first]);
    return whole ? digits.substr(first) : "0" + digits.substr(std::min(first, digits.size()));
  }

  void duration() {
    while (at_ < text_.size() && (goes_on(text_[at_]) || text_[at_] == '.')) ++at_;
    std::string word{text_.substr(start_, at_ - start_)};
    if (parse_duration(word)) return add(token::kind::duration, std::move(word));
    wrong("`" + word + "` is neither a number nor a duration",
          "durations look like `2h30m`; quote a text, and a field name that begins with a digit "
          "goes between backticks");
  }

  void sign() {
    for (const std::string_view s : signs) {
      if (!text_.substr(at_).starts_with(s)) continue;
      at_ += s.size();
      return add(token::kind::sign, std::string{s});
    }
    ++at_;
    wrong(std::string{"unexpected `"} + text_[start_] + "`", hint_for(text_[start_]));
  }

  static std::string hint_for(char c) {
    if (c == ';') return "an expression is one formula; `|` begins the next stage";
    if (c == '&') return "write `and`";
    if (c == '|') return "write `or`; a `|` outside of quotes begins the next stage";
    if (c == '{' || c == '}') return "there are no objects here; a field's path is `a.b`";
    return {};
  }

  std::string_view text_;
  std::size_t offset_;
  reporter& report_;
  std::vector<token> tokens_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::vector<token> read_tokens(const located_text& source, reporter& report) {
  return lexer{source, report}.read();
}

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_case(x) == lower_case(y); });
}

}  // namespace weir::expr
