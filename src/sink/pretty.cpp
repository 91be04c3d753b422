#include "sink/pretty.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/text_front.hpp"
#include "sink/visible.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 9> time_names{
    "@timestamp",           "timestamp", "time", "ts", "datetime", "date", "t",
    "time_local",            // of nginx
    "__REALTIME_TIMESTAMP",  // of journald
};
constexpr std::array<std::string_view, 8> level_names{
    "level", "severity", "lvl", "log.level", "loglevel", "levelname", "priority", "PRIORITY"};
constexpr std::array<std::string_view, 4> message_names{"message", "msg", "MESSAGE", "event"};

constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view red = "\x1b[1;31m";

struct level_color {
  std::string_view prefix;
  std::string_view color;
};
constexpr std::array<level_color, 12> level_colors{{{"trace", dim},
                                                    {"debug", dim},
                                                    {"info", green},
                                                    {"notice", green},
                                                    {"warn", yellow},
                                                    {"err", red},
                                                    {"crit", red},
                                                    {"fatal", red},
                                                    {"alert", red},
                                                    {"emerg", red},
                                                    {"panic", red},
                                                    {"severe", red}}};

std::string_view color_of(std::string_view level) {
  const auto begins_with = [level](std::string_view prefix) {
    return level.size() >= prefix.size() && lower_case(level.substr(0, prefix.size())) == prefix;
  };
  const auto found = std::ranges::find_if(level_colors, begins_with, &level_color::prefix);
  return found == level_colors.end() ? std::string_view{} : found->color;
}

/// A value that reads as one word needs no quotes.
bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == '\x7f';
  });
}

constexpr std::string_view indent = "    ";

std::string_view shown_first_line(std::string_view text) {
  text = first_line(text);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view behind_first_line(std::string_view text) {
  return text.substr(std::min(text.find('\n'), text.size() - 1) + 1);
}

/// A stack trace begins its lines with tabs.
void append_indented(std::string_view line, std::string& out) {
  out.append(indent);
  for (; line.starts_with('\t'); line.remove_prefix(1)) out.append(indent);
  append_visible(line, out);
  out.push_back('\n');
}

/// The lines of `text` behind the first one. None can be taken for the front of a record.
void append_further_lines(std::string_view text, std::string& out) {
  while (!text.empty()) {
    text = behind_first_line(text);
    if (!text.empty()) append_indented(shown_first_line(text), out);
  }
}

void append_quoted(std::string_view text, std::string& out) {
  out.push_back('"');
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t special = std::min(text.find_first_of("\"\\", from), text.size());
    append_visible(text.substr(from, special - from), out);
    if (special < text.size()) out.append({'\\', text[special]});
    from = special + 1;
  }
  out.push_back('"');
}

}  // namespace

void pretty::write(const record& r, std::string& out) {
  if (r.shape() == shape::text) {
    append_visible(shown_first_line(r.text()), out);
    out.push_back('\n');
    return append_further_lines(r.text(), out);
  }
  read_members(r);
  append_first_line(out);
  if (message_ != nullptr) append_further_lines(content_of(*message_), out);
  for (const member& m : members_) {
    if (is_field(m) && has_lines(m)) append_lines_of(m, out);
  }
}

void pretty::read_members(const record& r) {
  members_.clear();
  const auto note = [this](const member& m) { members_.push_back(m); };
  if (r.shape() == shape::json) {
    for_each_member(r, note);
  } else {
    json_.clear();
    r.write(json_);
    for_each_member(json_, note);
  }
  time_ = named(time_names);
  level_ = named(level_names);
  message_ = named(message_names);
}

bool pretty::is_field(const member& m) const noexcept {
  return &m != time_ && &m != level_ && &m != message_;
}

bool pretty::has_lines(const member& m) {
  return m.value.starts_with('"') && m.value.contains('\\') && content_of(m).contains('\n');
}

void pretty::append_first_line(std::string& out) {
  const std::size_t before = out.size();
  if (time_ != nullptr) append_painted(dim, content_of(*time_), out);
  if (level_ != nullptr) append_level(content_of(*level_), out);
  if (message_ != nullptr) append_painted({}, shown_first_line(content_of(*message_)), out);
  for (const member& m : members_) {
    if (is_field(m) && !has_lines(m)) append_field(m, out);
  }
  // Every part ends with the blank that separates it from the next one.
  if (out.size() > before) out.pop_back();
  out.push_back('\n');
}

void pretty::append_lines_of(const member& m, std::string& out) {
  out.append(indent);
  append_key(m, out);
  const std::string_view text = content_of(m);
  append_visible(shown_first_line(text), out);
  out.push_back('\n');
  append_further_lines(text, out);
}

const member* pretty::named(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(members_, name, &member::key);
    if (found != members_.end()) return &*found;
  }
  return nullptr;
}

std::string_view pretty::content_of(const member& m) {
  if (m.value.size() < 2 || m.value.front() != '"') return m.value;
  scratch_.clear();
  unescape(m.value.substr(1, m.value.size() - 2), scratch_);
  return scratch_;
}

void pretty::append_level(std::string_view level, std::string& out) const {
  constexpr std::size_t usual_width = 5;
  append_painted(color_of(level), level, out);
  if (level.size() < usual_width) out.append(usual_width - level.size(), ' ');
}

void pretty::append_key(const member& m, std::string& out) {
  scratch_.clear();
  unescape(m.key, scratch_);
  scratch_.push_back('=');
  append_painted(cyan, scratch_, out);
  out.pop_back();
}

void pretty::append_field(const member& m, std::string& out) {
  append_key(m, out);
  const std::string_view text = content_of(m);
  const bool bare = m.value.front() != '"' || is_word(text);
  if (bare)
    append_visible(text, out);
  else
    append_quoted(text, out);
  out.push_back(' ');
}

void pretty::append_painted(std::string_view color, std::string_view text, std::string& out) const {
  const bool paint = color_ && !color.empty();
  if (paint) out.append(color);
  append_visible(text, out);
  if (paint) out.append(reset);
  out.push_back(' ');
}

}  // namespace weir
