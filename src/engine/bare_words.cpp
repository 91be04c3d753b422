#include "engine/bare_words.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace weir {
namespace {

bool is_in_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_one_word(std::string_view text) noexcept {
  return !text.empty() && (text[0] < '0' || text[0] > '9') &&
         std::ranges::all_of(text, is_in_word) && text != "null" && text != "true" &&
         text != "false";
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
      if (sets && is_one_word(c.text.text)) {
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

}  // namespace

void warn_of_bare_words(const pipeline_text& of, reporter& report) {
  words all;
  for (const step_text& step : of.steps) all.add(step);
  for (const clause* c : all.bare) {
    const std::string& word = c->text.text;
    if (all.named.contains(word)) continue;
    report.warn("`" + word + "` is read as a field, which nothing else here names", c->text.where,
                "if the text is meant, write '\"" + word + "\"'");
  }
}

}  // namespace weir
