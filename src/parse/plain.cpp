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
  static std::string_view front(const RE2& pattern, std::string_view text) {
    re2::StringPiece found;
    const re2::StringPiece in{text.data(), text.size()};
    const bool is_there = pattern.Match(in, 0, in.size(), RE2::ANCHOR_START, &found, 1);
    return is_there ? text.substr(0, found.size()) : std::string_view{};
  }

  /// An indented line may be one of a message: a level has to follow the time.
  bool read_time_first(std::string_view line, field_list& out) const {
    const bool indented = line.starts_with(' ');
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    line.remove_prefix(bracket_length(line, "[("));
    const std::string_view time = front(by_->time, line);
    if (time.empty()) return false;
    line.remove_prefix(time.size());
    line.remove_prefix(bracket_length(line, "])"));
    const line_head head = read_line_head(line);
    if (indented && head.level.empty()) return false;
    add(time, head, out);
    return true;
  }

  /// A time of the day alone may be anything: a level has to follow it.
  bool read_clock_first(std::string_view line, field_list& out) const {
    line.remove_prefix(bracket_length(line, "["));
    const std::string_view time = front(by_->clock, line);
    if (time.empty()) return false;
    line.remove_prefix(time.size());
    line.remove_prefix(bracket_length(line, "]"));
    const line_head head = read_line_head(line);
    if (head.level.empty()) return false;
    add(time, head, out);
    return true;
  }

  bool read_level_first(std::string_view line, field_list& out) const {
    const bool in_bracket = is_bracket(line, "[(<");
    if (in_bracket) line.remove_prefix(1);
    std::size_t length = 0;
    while (length < line.size() && is_letter(line[length])) ++length;
    const std::string_view level = line.substr(0, length);
    const bool letter = level.size() == 1 && std::string_view{"TDINWECF"}.contains(level[0]);
    if (!letter && !is_level_word(level)) return false;
    line.remove_prefix(length);
    line.remove_prefix(bracket_length(line, "])>"));
    const std::size_t divided = std::min(line.find_first_not_of(" :,|-"), line.size());
    line.remove_prefix(divided);
    const bool time_in_bracket = is_bracket(line, "[(");
    if (divided == 0 || (letter && !in_bracket && !time_in_bracket)) return false;
    if (time_in_bracket) line.remove_prefix(1);
    const std::string_view time = front(by_->time, line);
    if (time.empty()) return false;
    line.remove_prefix(time.size());
    line.remove_prefix(bracket_length(line, "])"));
    line.remove_prefix(std::min(line.find_first_not_of(" :,|-"), line.size()));
    out.add("level", level);
    out.add("time", time);
    out.add("message", line);
    return true;
  }

  static void add(std::string_view time, const line_head& head, field_list& out) {
    out.add("time", time);
    if (!head.level.empty()) out.add("level", head.level);
    if (!head.context.empty()) out.add("context", head.context);
    out.add("message", head.message);
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
