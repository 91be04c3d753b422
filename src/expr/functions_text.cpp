#include <algorithm>
#include <array>

#include "expr/characters.hpp"
#include "expr/functions.hpp"

namespace weir::expr {
namespace {

value bounded(const std::string& text) noexcept {
  return text.size() <= max_text_bytes ? value::of(std::string_view{text}) : value::null();
}

template <class Change>
value each_byte(const call& c, Change change) {
  std::string& out = c.memory.fresh();
  out = c.text(0);
  std::ranges::transform(out, out.begin(), change);
  return value::of(std::string_view{out});
}

value lower(const call& c) {
  return each_byte(c, [](char b) { return b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b; });
}

value upper(const call& c) {
  return each_byte(c, [](char b) { return b >= 'a' && b <= 'z' ? static_cast<char>(b - 32) : b; });
}

value length(const call& c) {
  return value::of(count_characters(c.text(0)));
}
value byte_length(const call& c) {
  return value::of(static_cast<std::int64_t>(c.text(0).size()));
}

std::string_view trim_set(const call& c) noexcept {
  return c.count() > 1 ? c.text(1) : " ";
}

std::string_view trimmed_left(std::string_view text, std::string_view set) noexcept {
  return text.substr(std::min(text.find_first_not_of(set), text.size()));
}

std::string_view trimmed_right(std::string_view text, std::string_view set) noexcept {
  return text.substr(0, text.find_last_not_of(set) + 1);
}

value trim(const call& c) {
  return value::of(trimmed_right(trimmed_left(c.text(0), trim_set(c)), trim_set(c)));
}
value ltrim(const call& c) {
  return value::of(trimmed_left(c.text(0), trim_set(c)));
}
value rtrim(const call& c) {
  return value::of(trimmed_right(c.text(0), trim_set(c)));
}

value replace(const call& c) {
  const std::string_view from = c.text(1);
  if (from.empty()) return c.arguments[0];
  std::string& out = c.memory.fresh();
  std::string_view rest = c.text(0);
  for (std::size_t at; (at = rest.find(from)) != std::string_view::npos;) {
    out.append(rest, 0, at).append(c.text(2));
    if (out.size() > max_text_bytes) return value::null();
    rest.remove_prefix(at + from.size());
  }
  out += rest;
  return bounded(out);
}

value concat(const call& c) {
  std::string& out = c.memory.fresh();
  for (const value& v : c.arguments) {
    if (!append_text(v, out) || out.size() > max_text_bytes) return value::null();
  }
  return value::of(std::string_view{out});
}

/// `unit` again and again, `count` characters of it in all, unless that is too long.
bool append_fill(std::string_view unit, std::int64_t count, std::string& out) {
  const std::int64_t unit_count = count_characters(unit);
  if (unit_count == 0) return count == 0;
  for (; count >= unit_count; count -= unit_count) {
    out += unit;
    if (out.size() > max_text_bytes) return false;
  }
  out += characters(unit, 0, count);
  return out.size() <= max_text_bytes;
}

value repeat(const call& c) {
  const std::int64_t times = std::max<std::int64_t>(c.integer(1, 0), 0);
  const auto size = static_cast<std::int64_t>(c.text(0).size());
  if (size == 0 || times == 0) return value::of("");
  if (times > static_cast<std::int64_t>(max_text_bytes) / size) return value::null();
  std::string& out = c.memory.fresh();
  for (std::int64_t i = 0; i < times; ++i) out += c.text(0);
  return value::of(std::string_view{out});
}

value reverse(const call& c) {
  std::string& out = c.memory.fresh();
  const std::string_view text = c.text(0);
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && is_continuation(text[begin])) --begin;
    out += text.substr(begin, end - begin);
    end = begin;
  }
  return value::of(std::string_view{out});
}

value pad(const call& c, bool left_side) {
  const std::string_view text = c.text(0);
  const std::int64_t wanted = std::max<std::int64_t>(c.integer(1, 0), 0);
  const std::int64_t has = count_characters(text);
  if (wanted <= has) return value::of(characters(text, 0, wanted));
  std::string& out = c.memory.fresh();
  if (!left_side) out = text;
  if (!append_fill(c.count() > 2 ? c.text(2) : " ", wanted - has, out)) return value::null();
  if (left_side) out += text;
  return bounded(out);
}
value lpad(const call& c) {
  return pad(c, true);
}
value rpad(const call& c) {
  return pad(c, false);
}

constexpr auto any_value = parameter::any;
constexpr auto integer = parameter::integer;
constexpr auto a_text = parameter::text;
constexpr auto as_text = static_type::text;
constexpr auto as_number = static_type::number;

constexpr std::array table{
    function{"lower",
             "text",
             {a_text},
             1,
             1,
             as_text,
             "lower(text)",
             "The text with A to Z in lower case; other letters stay.",
             "lower('WARN')",
             R"("warn")",
             lower},
    function{"upper",
             "text",
             {a_text},
             1,
             1,
             as_text,
             "upper(text)",
             "The text with a to z in upper case; other letters stay.",
             "upper('warn')",
             R"("WARN")",
             upper},
    function{"length",
             "text",
             {a_text},
             1,
             1,
             as_number,
             "length(text)",
             "How many characters the text has.",
             "length('añb')",
             "3",
             length},
    function{"byte_length",
             "text",
             {a_text},
             1,
             1,
             as_number,
             "byte_length(text)",
             "How many bytes of UTF-8 the text has.",
             "byte_length('añb')",
             "4",
             byte_length},
    function{"trim",
             "text",
             {a_text, a_text},
             1,
             2,
             as_text,
             "trim(text[, set])",
             "The text without blanks, or characters of `set`, at both ends.",
             "trim('  a ')",
             R"("a")",
             trim},
    function{"ltrim",
             "text",
             {a_text, a_text},
             1,
             2,
             as_text,
             "ltrim(text[, set])",
             "The same at the beginning alone.",
             "ltrim('007', '0')",
             R"("7")",
             ltrim},
    function{"rtrim",
             "text",
             {a_text, a_text},
             1,
             2,
             as_text,
             "rtrim(text[, set])",
             "The same at the end alone.",
             "rtrim('a/b//', '/')",
             R"("a/b")",
             rtrim},
    function{"replace",
             "text",
             {a_text, a_text, a_text},
             3,
             3,
             as_text,
             "replace(text, from, to)",
             "The text with each `from` replaced.",
             "replace('a-b-c', '-', '.')",
             R"("a.b.c")",
             replace},
    function{"concat",
             "text",
             {any_value},
             1,
             max_arguments,
             as_text,
             "concat(value, ...)",
             "All values as texts, one after the other; null if one is null.",
             "concat('n=', 5)",
             R"("n=5")",
             concat},
    function{"repeat",
             "text",
             {a_text, integer},
             2,
             2,
             as_text,
             "repeat(text, times)",
             "The text so many times, up to 1 MiB.",
             "repeat('ab', 3)",
             R"("ababab")",
             repeat},
    function{"reverse",
             "text",
             {a_text},
             1,
             1,
             as_text,
             "reverse(text)",
             "The characters in reverse order.",
             "reverse('añb')",
             R"("bña")",
             reverse},
    function{"lpad",
             "text",
             {a_text, integer, a_text},
             2,
             3,
             as_text,
             "lpad(text, length[, fill])",
             "The text at exactly that length, filled with blanks or `fill` on the left.",
             "lpad('7', 3, '0')",
             R"("007")",
             lpad},
    function{"rpad",
             "text",
             {a_text, integer, a_text},
             2,
             3,
             as_text,
             "rpad(text, length[, fill])",
             "The same, filled on the right.",
             "rpad('ab', 4, '.')",
             R"("ab..")",
             rpad},
};

}  // namespace

std::span<const function> text_functions() {
  return table;
}

}  // namespace weir::expr
