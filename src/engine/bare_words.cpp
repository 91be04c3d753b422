#include "engine/bare_words.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "engine/fields_named.hpp"

namespace weir {
namespace {

bool is_in_word(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_';
}

bool is_one_word(std::string_view text) noexcept {
  return !text.empty() && (text[0] < '0' || text[0] > '9') &&
         std::ranges::all_of(text, is_in_word) && text != "null" && text != "true" &&
         text != "false";
}

/// `web-1`, `eu-west-1`: whoever subtracts leaves a blank.
bool is_close_subtraction(std::string_view text) noexcept {
  for (auto at = text.find('-'); at < text.size(); at = text.find('-', at + 1)) {
    if (at + 1 < text.size() && is_digit(text[at + 1])) return may_be_text(text);
  }
  return false;
}

std::string_view first_word(std::string_view text) noexcept {
  return {text.begin(), std::ranges::find_if_not(text, is_in_word)};
}

/// The words that set a field alone, and all others that the pipeline has.
struct words {
  std::vector<const clause*> bare;
  std::set<std::string, std::less<>> named;

  void add(std::string_view text) {
    while (!text.empty()) {
      const auto begin = std::ranges::find_if(text, is_in_word);
      const auto end = std::find_if_not(begin, text.end(), is_in_word);
      if (begin != end) named.emplace(begin, end);
      text = {end, text.end()};
    }
  }
  void add(const step_text& step) {
    const bool sets = step.name.text == "set";
    for (const clause& c : step.clauses) {
      add(c.key.text);
      if (sets && (is_one_word(c.text.text) || is_close_subtraction(c.text.text))) {
        bare.push_back(&c);
      } else {
        add(c.text.text);
      }
    }
    for (const argument& a : step.arguments) add(a.value.text);
    for (const branch_text& b : step.branches) {
      add(b.when.text);
      std::ranges::for_each(b.steps, [this](const step_text& s) { add(s); });
    }
  }
};

void warn_of(const clause& c, reader_of reads, reporter& report) {
  const std::string& text = c.text.text;
  const bool one = is_one_word(text);
  const std::string quoted = reads == reader_of::yaml ? "'\"" + text + "\"'" : '"' + text + '"';
  std::string hint = "if the text is meant, write " + quoted;
  if (!one) hint += "; with blanks around `-` this is not said";
  report.warn(one ? "`" + text + "` is read as a field, which nothing else here names"
                  : "`" + text + "` is read as a subtraction from a field",
              c.text.where, std::move(hint));
}

}  // namespace

void warn_of_bare_words(const pipeline_text& of, reader_of reads, bool single, reporter& report) {
  words all;
  for (const step_text& step : of.steps) all.add(step);
  for (const clause* c : all.bare) {
    if (all.named.contains(first_word(c->text.text))) continue;
    if (single || !is_one_word(c->text.text)) warn_of(*c, reads, report);
  }
}

}  // namespace weir
