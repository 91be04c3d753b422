#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/lexer.hpp"

namespace weir::expr {

/// Whether a name has a meaning in the language, so that a field of that name needs backticks.
bool is_reserved(std::string_view word) noexcept;

/// What a recursive descent stands on: the tokens, and the complaints about them. After an error it
/// says nothing more until `recover`, so that one mistake is one message and several mistakes are
/// several.
class token_reader {
 protected:
  token_reader(const located_text& source, reporter& report)
      : report_(report), tokens_(read_tokens(source, report)) {}

  const token& peek() const noexcept { return tokens_[at_]; }
  const token& ahead() const noexcept { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const token& next() noexcept {
    const token& t = tokens_[at_];
    if (t.type != token::kind::end) ++at_;
    return t;
  }
  bool at_sign(std::string_view s) const noexcept { return peek().is(token::kind::sign, s); }
  bool at_word(std::string_view w) const noexcept { return is_word(peek(), w); }
  static bool is_word(const token& t, std::string_view w) noexcept {
    return t.type == token::kind::name && same_word(t.text, w);
  }
  bool take_sign(std::string_view s) noexcept { return at_sign(s) && (next(), true); }
  bool take_word(std::string_view w) noexcept { return at_word(w) && (next(), true); }
  text_span last_span() const noexcept { return tokens_[at_ == 0 ? 0 : at_ - 1].where; }

  void fail(std::string message, text_span where, std::string hint = {});
  /// Complains and goes on as if the user had written what the hint says.
  void correct(const token& t, std::string hint);
  /// The next token is not `wanted`.
  void unexpected(const std::string& wanted);
  /// The expression is complete, but the text goes on.
  void trailing();
  /// Takes the sign or word, or complains.
  bool expect_sign(std::string_view s);
  bool expect_word(std::string_view w);
  /// After an error inside parentheses: goes to the next comma or closing parenthesis of that
  /// level.
  void recover();

  reporter& report_;
  std::size_t at_ = 0;
  bool broken_ = false;  ///< an error was reported, and nothing makes sense until `recover`

 private:
  std::string trailing_hint(const token& t) const;

  std::vector<token> tokens_;
};

}  // namespace weir::expr
