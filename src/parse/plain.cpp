#include "parse/plain.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/ascii.hpp"
#include "base/colours.hpp"
#include "parse/level_words.hpp"
#include "parse/line_head.hpp"
#include "parse/pattern_pieces.hpp"
#include "parse/regex.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> layouts{
    R"re(^(?<time>\d{8}-\d{1,2}:\d{1,2}:\d{1,2}:\d{1,3})\|(?<component>[^|]*)\|(?<pid>\d+)\|(?<message>.*)$)re",
    // PHP's error log, with the name of a zone
    R"re(^\[(?<time>\d\d-[A-Z][a-z]{2}-\d{4} %{CLOCK} (?:[A-Za-z][\w/+-]*|[+-]\d\d:\d\d))\] )re"
    R"re((?:(?:PHP )?(?<level>Fatal error|Recoverable fatal error|Parse error|Strict Standards|Deprecated|%{LEVEL}): +)?)re"
    R"re((?<message>.*)$)re"};

/// What the lines begin with, compiled once and shared by all threads.
struct plain_patterns {
  plain_patterns() {
    for (const std::string_view layout : layouts)
      whole.push_back(std::make_shared<const line_pattern>("(?s)" + with_pieces(layout)));
  }

  std::vector<std::shared_ptr<const line_pattern>> whole;
  RE2 time{with_pieces(R"((?:%{ANY_TIME})\b)")};
  RE2 clock{with_pieces(R"((?:%{CLOCK}(?:[.,]\d{1,9})?|\d{1,2}:\d\d[AP]M)\b)")};
};

bool is_bracket(std::string_view text, std::string_view kind) noexcept {
  return !text.empty() && kind.find(text[0]) != kind.npos;
}

std::size_t bracket_length(std::string_view text, std::string_view kind) noexcept {
  return is_bracket(text, kind) ? 1 : 0;
}

class plain_parser final : public line_parser {
 public:
  explicit plain_parser(std::shared_ptr<const plain_patterns> by) : by_(std::move(by)) {
    for (const auto& p : by_->whole) layouts_.emplace_back(p);
  }

  verdict parse(std::string_view line, field_list& out) override {
    if (line.contains('\x1b')) line = out.memory().copy(without_colours(line));
    for (regex_parser& layout : layouts_) {
      if (layout.parse(line, out).is_keep()) {
        out.keep_names(by_);  // of this batch's other lines as well
        return keep;
      }
    }
    const bool read =
        read_time_first(line, out) || read_level_first(line, out) || read_clock_first(line, out);
    return read ? keep : reject("no time in front");
  }

 private:
  /// Takes a time off the front, with the brackets around it; empty if there is none.
  static std::string_view take_time(const RE2& pattern, std::string_view& line) {
    const std::string_view text = line.substr(bracket_length(line, "[("));
    re2::StringPiece found;
    const re2::StringPiece in{text.data(), text.size()};
    if (!pattern.Match(in, 0, in.size(), RE2::ANCHOR_START, &found, 1)) return {};
    line = text.substr(found.size());
    line.remove_prefix(bracket_length(line, "])"));
    return text.substr(0, found.size());
  }

  /// An indented line may be one of a message: a level has to follow the time.
  bool read_time_first(std::string_view line, field_list& out) const {
    const bool indented = line.starts_with(' ');
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return read_head(take_time(by_->time, line), line, indented, out);
  }

  /// A time of the day alone may be anything: a level has to follow it.
  bool read_clock_first(std::string_view line, field_list& out) const {
    return read_head(take_time(by_->clock, line), line, true, out);
  }

  static bool read_head(std::string_view time, std::string_view behind, bool needs_level,
                        field_list& out) {
    if (time.empty()) return false;
    const line_head head = read_line_head(behind);
    if (needs_level && head.level.empty()) return false;
    out.add("time", time);
    if (!head.level.empty()) out.add("level", head.level);
    if (!head.context.empty()) out.add("context", head.context);
    out.add("message", head.message);
    return true;
  }

  /// `WARN [2026-01-02 09:14:07] x`, `(W) 2026-01-02T09:14:07 x`: a letter alone needs brackets.
  bool read_level_first(std::string_view line, field_list& out) const {
    const bool has_bracket = is_bracket(line, "[(<");
    const std::string_view level = take_level(line);
    const std::string_view behind = without_dividers(line);
    const bool is_divided = behind.size() != line.size();
    const bool is_sure = level.size() > 1 || has_bracket || is_bracket(behind, "[(");
    if (level.empty() || !is_divided || !is_sure) return false;
    line = behind;
    const std::string_view time = take_time(by_->time, line);
    if (time.empty()) return false;
    out.add("level", level);
    out.add("time", time);
    out.add("message", without_dividers(line));
    return true;
  }

  /// Takes it off the front, with the brackets around it; empty if there is none.
  static std::string_view take_level(std::string_view& line) noexcept {
    const std::string_view text = line.substr(bracket_length(line, "[(<"));
    const auto end = std::ranges::find_if_not(text, is_letter);
    const std::string_view level = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const bool letter = level.size() == 1 && std::string_view{"TDINWECF"}.contains(level[0]);
    if (!letter && !is_level_word(level)) return {};
    line = text.substr(level.size());
    line.remove_prefix(bracket_length(line, "])>"));
    return level;
  }

  static std::string_view without_dividers(std::string_view text) noexcept {
    return text.substr(std::min(text.find_first_not_of(" \t:,|-"), text.size()));
  }

  std::shared_ptr<const plain_patterns> by_;
  std::vector<regex_parser> layouts_;
};

}  // namespace

std::unique_ptr<line_parser> make_plain_parser() {
  static const auto patterns = std::make_shared<const plain_patterns>();
  return std::make_unique<plain_parser>(patterns);
}

}  // namespace weir
