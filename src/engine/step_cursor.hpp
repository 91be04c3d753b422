#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "engine/scan.hpp"
#include "weir/component.hpp"

namespace weir {

/// A place in a pipeline's text, and how to read words, strings, arguments and expressions there.
/// Faults are reported at `base` + their place in the text; reading then goes on behind them.
class step_cursor {
 public:
  /// `text` and `report` outlive the cursor.
  step_cursor(std::string_view text, std::size_t base, reporter& report)
      : text_(text), base_(base), report_(report) {}

  bool at_end() const { return at_ >= text_.size(); }
  /// The character here. Not at the end.
  char here() const { return text_[at_]; }
  bool is_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  /// True where an element of a pipeline ends: at the end, a `|`, or the `)` of the branch.
  bool at_element_end() const { return at_end() || here() == '|' || (here() == ')' && depth_ > 0); }

  text_span span(std::size_t begin, std::size_t length) const { return {base_ + begin, length}; }
  /// The text from `begin` to `end` without the blanks around it.
  located_text located(std::size_t begin, std::size_t end) const;
  text_span trimmed_span(std::size_t begin, std::size_t end) const {
    return located(begin, end).where;
  }

  /// The word that begins here, without moving; empty if it goes on as something else (`to-x.log`,
  /// `from/a`).
  std::string_view peek_word() const;
  /// A bareword ends at a blank, a `|`, one of `stops`, or the `)` that closes its branch.
  std::size_t end_of_bareword(std::size_t from, std::string_view stops = "") const;

  void skip_blanks();
  /// Goes to the end of the element, over what cannot be read, without a complaint.
  void skip_body();
  /// Goes over the string here. If it is not closed: reports, goes to the end and returns false.
  bool step_over_quoted();

  /// Text up to the end of the element; quotes and brackets hide what is in them. Nothing if a
  /// string is not closed, which is reported.
  std::optional<located_text> read_expression();
  /// Values and `key=value`s up to the end of the element or, if asked for, the word `by`.
  std::vector<argument> read_arguments(bool until_by);

 protected:
  void report_double_pipe();

  std::string_view text_;
  std::size_t base_;
  reporter& report_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;  ///< of branches around this place

 private:
  argument read_argument();
  bool read_key(argument& a);
  located_text read_string();
  void report_unknown_escape(std::size_t i);
  /// What stands behind a backslash; empty if that means nothing.
  static std::optional<char> unescaped(char c) noexcept;
};

}  // namespace weir
