#include "parse/line_head.hpp"

#include <algorithm>
#include <cstddef>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "parse/has_word.hpp"
#include "parse/level_words.hpp"

namespace weir {
namespace {

constexpr std::size_t most_tokens = 16;
constexpr std::size_t longest_group = 160;
constexpr std::string_view separators = " \t:,|-";
constexpr std::string_view sentence_ends = ".!?;";

bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != set.npos;
}

/// `[I]`: letters that no other use of brackets is known for.
bool is_level_letter(std::string_view text) noexcept {
  return text.size() == 1 && is_one_of(text[0], "DIWEF");
}

bool in_capitals(std::string_view word) noexcept {
  return std::ranges::none_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

/// No sentence begins with one.
bool is_abbreviation(std::string_view word) noexcept {
  return has_word("err eror crit emerg dbg dbug inf wrn ftl trc vrb", word);
}

std::string_view letters_of(std::string_view text) noexcept {
  return text.substr(
      0, static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin()));
}

std::string_view without_blanks_in_front(std::string_view text) noexcept {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Up to a blank, the end of the line, a bar, a comma, or a colon that ends it.
std::string_view word_of(std::string_view text) noexcept {
  for (std::size_t at = 0; (at = text.find_first_of(" \t\n|,:", at)) != text.npos; ++at) {
    const bool ends = text[at] != ':' || at + 1 == text.size() || is_one_of(text[at + 1], " \t\n");
    if (ends) return text.substr(0, at);
  }
  return text;
}

/// `hostd[2098]`.
bool is_process(std::string_view word) noexcept {
  const std::size_t open = word.find('[');
  return open != word.npos && open > 0 && word.back() == ']' &&
         all_digits(word.substr(open + 1, word.size() - open - 2));
}

/// What no word of prose looks like: `nio-8080-exec-1`, `10.0.0.7`, `org.acme.Shop`. The main
/// thread has a name that does.
bool is_name(std::string_view word) noexcept {
  const std::string_view front = word.substr(word.starts_with("...") ? 3 : 0);  // Gitea's paths
  const bool begins = !front.empty() && (is_letter(front[0]) || is_digit(front[0]));
  return begins && (word == "main" || word.find_first_of("0123456789./_-$@#[(") != word.npos) &&
         !is_one_of(word.back(), sentence_ends);
}

class head_reader {
 public:
  explicit head_reader(std::string_view text) noexcept : rest_(text) {}

  bool find_level() noexcept {
    for (std::size_t n = 0; n < most_tokens; ++n) {
      skip_separators();
      if (rest_.empty()) return false;
      const step s = is_one_of(rest_.front(), "[(<{") ? take_group() : take_word();
      if (s != step::further) return s == step::level;
    }
    return false;
  }

  line_head head() const noexcept {
    if (whole_message_) return {{}, level_, first_};
    const auto in_front = static_cast<std::size_t>(level_begin_ - first_.data());
    std::string_view context = first_.substr(0, in_front);
    while (!context.empty() && is_one_of(context.back(), separators)) context.remove_suffix(1);
    return {context, level_, behind_level(rest_)};
  }

 private:
  enum class step : unsigned char { level, further, end };
  /// What stands in front of the next word.
  enum class token : unsigned char { time, group, pair, column, label, name };

  void skip_separators() noexcept {
    const std::size_t length = std::min(rest_.find_first_not_of(separators), rest_.size());
    const std::string_view skipped = rest_.substr(0, length);
    behind_dash_ = skipped.ends_with("- ");
    behind_comma_ = skipped.ends_with(',');
    rest_.remove_prefix(length);
    if (rest_.starts_with("##[")) rest_.remove_prefix(2);  // GitHub's runners
    if (first_.data() == nullptr) first_ = rest_;
  }

  /// Takes a level that ends `length` bytes from here.
  step found(std::string_view level, std::string_view from, std::size_t length) noexcept {
    level_ = level;
    level_begin_ = from.data();
    rest_ = from.substr(length);
    return step::level;
  }

  step take_group() noexcept {
    constexpr std::string_view opening = "[(<{";
    constexpr std::string_view closing = "])>}";
    const std::size_t kind = opening.find(rest_.front());
    const std::size_t end = rest_.substr(0, longest_group).find(closing[kind]);
    if (end == rest_.npos) return step::end;
    const std::string_view inside = trimmed(rest_.substr(1, end - 1));
    if (inside.find_first_of("\"\n") != inside.npos || (kind == 2 && !is_letter(rest_[1])))
      return step::end;
    const bool may_be_level = kind != 3;
    if (may_be_level && (is_level_word(inside) || (kind == 0 && is_level_letter(inside))))
      return found(inside, rest_, end + 1);
    rest_.remove_prefix(end + 1);
    return goes_on(token::group);
  }

  step take_word() noexcept {
    const std::string_view word = word_of(rest_);
    const std::string_view letters = letters_of(word);
    const std::string_view behind = rest_.substr(letters.size());
    if (is_level_word(letters))
      return is_in_place(letters, behind) ? found(letters, rest_, end_of_level(behind)) : step::end;
    if (letters.size() == 1 && is_bar_next(behind) && is_one_of(letters[0], "TDINWECF"))
      return found(letters, rest_, 1);
    return take_context(word);
  }

  /// The level, and the bracket that closes behind it.
  std::size_t end_of_level(std::string_view behind) const noexcept {
    const std::size_t letters = rest_.size() - behind.size();
    return letters + (!behind.empty() && is_one_of(behind.front(), "])>/") ? 1 : 0);
  }

  bool is_in_place(std::string_view word, std::string_view behind) const noexcept {
    const bool capitals = in_capitals(word);
    if (behind.empty()) return capitals && last_ != token::label;
    switch (behind.front()) {
      case ':':
      case '|':
        return true;
      case ']':
      case ')':
      case '>':  // of the bracket in front of the time
        return last_ == token::time;
      case '/':
        return last_ == token::time && is_of_source(behind);
      case '[':
      case '(':
        return capitals && behind.size() > 1 && is_digit(behind[1]);
      case ',':
      case ';':
        return capitals || behind_comma_;
      case '-':
        return capitals;
      case '\t':
        return last_ != token::label;
      case ' ':
        return last_ != token::label && (capitals || is_abbreviation(word) || is_column(behind));
      default:
        return false;
    }
  }

  /// Whether a word is more than one of a sentence by what stands behind it.
  static bool is_column(std::string_view behind) noexcept {
    const std::string_view next = without_blanks_in_front(behind);
    const bool padded = behind.size() - next.size() > 1;
    return padded || next.starts_with('|') || next.starts_with("- ") || is_process(word_of(next));
  }

  /// `information/cli: ` and `ERROR/MainProcess] `: where it comes from is told with it.
  static bool is_of_source(std::string_view behind) noexcept {
    const std::string_view word = word_of(behind);
    return word.ends_with(']') || behind.substr(word.size()).starts_with(':');
  }

  static bool is_bar_next(std::string_view behind) noexcept {
    return without_blanks_in_front(behind).starts_with('|');
  }

  step take_context(std::string_view word) noexcept {
    if (word.empty()) return step::end;
    const std::string_view behind = rest_.substr(word.size());
    if (is_pair(word)) return take_pair(word);
    rest_ = behind;
    if (behind.starts_with(':')) return ++labels_ > 2 ? step::end : goes_on(token::label);
    const std::string_view next = without_blanks_in_front(behind);
    const bool between_dashes = behind_dash_ && next.starts_with("- ");
    const bool padded = behind.size() - next.size() > 1 && !is_one_of(word.back(), sentence_ends);
    if (between_dashes || padded || next.starts_with('|') || behind.starts_with('\t'))
      return goes_on(token::column);
    return is_name(word) && ++names_ == 1 ? goes_on(token::name) : step::end;
  }

  static bool is_pair(std::string_view word) noexcept {
    const std::size_t equals = word.find('=');
    return equals != word.npos && equals > 0 && is_letter(word[0]);
  }

  step take_pair(std::string_view word) noexcept {
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    std::string_view value = rest_.substr(equals + 1);
    const bool quoted = value.starts_with('"');
    if (quoted) value.remove_prefix(1);
    const std::size_t end = quoted ? value.find('"') : value.find_first_of(" \t\n");
    value = value.substr(0, end);
    if (has_word("level lvl severity", key) && is_level_word(value)) {
      level_ = value;
      whole_message_ = true;
      return step::level;
    }
    if (quoted && end == value.npos) return step::end;
    rest_.remove_prefix(equals + 1 + value.size() + (quoted ? 2 : 0));
    return goes_on(token::pair);
  }

  step goes_on(token behind) noexcept {
    last_ = behind;
    return step::further;
  }

  std::string_view rest_;
  std::string_view first_;  ///< from the first token on
  std::string_view level_;
  const char* level_begin_ = nullptr;
  bool whole_message_ = false;  ///< the level is one of the pairs of the message
  bool behind_dash_ = false;
  bool behind_comma_ = false;
  token last_ = token::time;
  std::size_t names_ = 0;
  std::size_t labels_ = 0;
};

}  // namespace

std::string_view behind_level(std::string_view text) noexcept {
  while (true) {
    const std::string_view next = without_blanks_in_front(text);
    const bool blank_in_front = next.size() != text.size();
    const std::size_t dashes = std::min(next.find_first_not_of('-'), next.size());
    if (!next.empty() && is_one_of(next.front(), ":,|")) {
      text = next.substr(1);
    } else if (blank_in_front && dashes > 0 && dashes < next.size() &&
               is_one_of(next[dashes], " \t")) {
      text = next.substr(dashes);
    } else {
      return next;
    }
  }
}

line_head read_line_head(std::string_view behind_time) noexcept {
  head_reader reader(behind_time);
  if (reader.find_level()) return reader.head();
  const std::size_t begin = behind_time.find_first_not_of(separators);
  return {{}, {}, behind_time.substr(std::min(begin, behind_time.size()))};
}

}  // namespace weir
