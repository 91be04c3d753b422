#include "sink/pretty.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
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
    append_visible(r.text(), out);
    out.push_back('\n');
    return;
  }
  read_members(r);
  const member* const time = named(time_names);
  const member* const level = named(level_names);
  const member* const message = named(message_names);
  const std::size_t before = out.size();
  if (time != nullptr) append_painted(dim, content_of(*time), out);
  if (level != nullptr) append_level(content_of(*level), out);
  if (message != nullptr) append_painted({}, content_of(*message), out);
  for (const member& m : members_) {
    if (&m != time && &m != level && &m != message) append_field(m, out);
  }
  // Every part ends with the blank that separates it from the next one.
  if (out.size() > before) out.pop_back();
  out.push_back('\n');
}

void pretty::read_members(const record& r) {
  members_.clear();
  const auto note = [this](const member& m) { members_.push_back(m); };
  if (r.shape() == shape::json) return for_each_member(r, note);
  json_.clear();
  r.write(json_);
  for_each_member(json_, note);
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

void pretty::append_field(const member& m, std::string& out) {
  scratch_.clear();
  unescape(m.key, scratch_);
  scratch_.push_back('=');
  append_painted(cyan, scratch_, out);
  out.pop_back();
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
