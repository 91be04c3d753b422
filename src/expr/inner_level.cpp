#include "expr/inner_level.hpp"

#include <algorithm>
#include <optional>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "expr/severity.hpp"
#include "record/text_content.hpp"

namespace weir::expr {
namespace {

constexpr std::size_t none = std::string_view::npos;
/// What may stand around a time or a level.
constexpr std::string_view around = " \t:,|-[](){}<>";

std::string_view without(std::string_view set, std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  return text.substr(0, text.find_last_not_of(set) + 1);
}

/// The end of the quoted text that begins at `from`, behind its quote.
std::size_t quoted_end(std::string_view line, std::size_t from) noexcept {
  for (std::size_t at = from + 1; at < line.size(); ++at) {
    if (line[at] == '\\')
      ++at;
    else if (line[at] == '"')
      return at + 1;
  }
  return line.size();
}

/// The value of the first pair whose name is a level's, where the line begins with a pair.
std::string_view level_of_pairs(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t key_end = std::min(line.find_first_of("= \"", at), line.size());
    const std::string_view key = line.substr(at, key_end - at);
    const bool pair = key_end < line.size() && line[key_end] == '=' && !key.empty();
    if (at == 0 && !pair) return {};
    const std::size_t from = pair ? key_end + 1 : key_end;
    const bool quoted = from < line.size() && line[from] == '"';
    const std::size_t end =
        quoted ? quoted_end(line, from) : std::min(line.find(' ', from), line.size());
    if (pair && is_level_field(key)) return without("\"", line.substr(from, end - from));
    at = std::max(end, at) + 1;
  }
  return {};
}

/// `W` of `W0102 09:14:07.692994   28133 reflector.go:70] `.
std::string_view level_of_klog(std::string_view line) noexcept {
  const bool klog = line.size() > 14 && std::string_view{"IWEF"}.contains(line[0]) &&
                    all_digits(line.substr(1, 4)) && line[5] == ' ' && line[8] == ':' &&
                    line[11] == ':';
  return klog ? line.substr(0, 1) : std::string_view{};
}

/// How much of `line` is a time with what stands around it; 0 if none is in front.
std::size_t time_length(std::string_view line) noexcept {
  constexpr int most_words = 6;  // Jan  2 2026 09:14:07 CET
  std::size_t length = 0;
  std::size_t end = 0;
  for (int words = 0; words < most_words && end < line.size(); ++words) {
    end = std::min(line.find_first_of(" \t]", end + 1), line.size());
    const std::string_view text = without(around, line.substr(0, end));
    if (!text.contains(':')) continue;
    if (parse_time(text) || parse_syslog_time(text, 0)) length = end;
  }
  return length;
}

/// The word in front of `text` if programs write levels so: among the usual names, or one in
/// capitals, in brackets or with a colon behind it.
std::string_view level_in_front(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(around), text.size());
  const std::string_view left = text.substr(from);
  const auto stop = std::ranges::find_if_not(left, [](char c) { return is_letter(c); });
  const std::string_view word = left.substr(0, static_cast<std::size_t>(stop - left.begin()));
  const char next = word.size() < left.size() ? left[word.size()] : ' ';
  if (word.size() < 3 || !parse_severity(word) || !around.contains(next)) return {};
  const bool capitals = std::ranges::none_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool marked = capitals || next == ':' || next == ']';
  const bool usual =
      std::ranges::find(severity_names(), lower_case(word)) != severity_names().end();
  return marked || usual || lower_case(word) == "warning" ? word : std::string_view{};
}

/// `[1187]`, a process behind the time.
std::string_view without_process(std::string_view text) noexcept {
  const std::string_view left = text.substr(std::min(text.find_first_not_of(" ]"), text.size()));
  const std::size_t close = left.find(']');
  const bool process =
      left.starts_with('[') && close != none && all_digits(left.substr(1, close - 1));
  return process ? left.substr(close + 1) : text;
}

std::string_view level_beside_time(std::string_view line) {
  if (const std::size_t time = time_length(line); time > 0)
    return level_in_front(without_process(line.substr(time)));
  const std::string_view word = level_in_front(line);
  if (word.empty()) return {};
  const auto behind = static_cast<std::size_t>(word.data() + word.size() - line.data());
  return time_length(line.substr(behind)) > 0 ? word : std::string_view{};
}

}  // namespace

std::string_view text_of_container(const record& r, std::string& memory) {
  static const field_path stream = parse_path("stream");
  static const field_path log = parse_path("log");
  static const field_path tag = parse_path("tag");
  static const field_path container = parse_path("container");
  static const field_path message = parse_path("message");
  const value from = r.get(stream);
  const bool of_runtime =
      from.type == kind::string && (from.text == "stdout" || from.text == "stderr");
  if (of_runtime) {
    if (const value text = r.get(log); text.type == kind::string) return text_content(text, memory);
  }
  const bool has_message = r.get(of_runtime ? tag : container).type == kind::string;
  return has_message ? text_content(r.get(message), memory) : std::string_view{};
}

std::string_view level_word_of(std::string_view line) {
  if (const auto word = level_of_pairs(line); !word.empty()) return word;
  if (const auto letter = level_of_klog(line); !letter.empty()) return letter;
  return level_beside_time(line);
}

}  // namespace weir::expr
