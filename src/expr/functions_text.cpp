#include <algorithm>
#include <array>

#include "expr/functions.hpp"

namespace weir::expr {
namespace {

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::int64_t count_characters(std::string_view text) noexcept {
  return std::ranges::count_if(text, [](char c) { return !is_continuation(c); });
}

/// The byte at which character `index` (from 0) begins, or the text's end.
std::size_t byte_of(std::string_view text, std::int64_t index) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!is_continuation(text[at]) && index-- == 0) break;
  }
  return at;
}

/// Characters [first, last), both clipped to the text.
std::string_view characters(std::string_view text, std::int64_t first, std::int64_t last) noexcept {
  const std::size_t begin = byte_of(text, std::max<std::int64_t>(first, 0));
  if (last <= first || last <= 0) return {};
  const std::string_view rest = text.substr(begin);
  return rest.substr(0, byte_of(rest, last - std::max<std::int64_t>(first, 0)));
}

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

std::int64_t saturating_add(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

value substr(const call& c) {
  const std::int64_t start = c.integer(1, 1);
  const std::int64_t count = c.integer(2, INT64_MAX);
  if (count < 0) return value::null();
  const std::int64_t first =
      start < 0 ? std::max<std::int64_t>(count_characters(c.text(0)) + start, -1) : start - 1;
  return value::of(characters(c.text(0), first, saturating_add(first, count)));
}

value left(const call& c) {
  return value::of(characters(c.text(0), 0, std::max<std::int64_t>(c.integer(1, 0), 0)));
}

value right(const call& c) {
  const std::int64_t all = count_characters(c.text(0));
  const std::int64_t count = std::clamp<std::int64_t>(c.integer(1, 0), 0, all);
  return value::of(characters(c.text(0), all - count, all));
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

value split_part(const call& c) {
  const std::string_view separator = c.text(1);
  std::int64_t wanted = c.integer(2, 1);
  std::string_view rest = c.text(0);
  if (wanted < 1 || separator.empty()) return value::null();
  for (;;) {
    const std::size_t at = rest.find(separator);
    if (--wanted == 0) return value::of(rest.substr(0, at));
    if (at == std::string_view::npos) return value::null();
    rest.remove_prefix(at + separator.size());
  }
}

value concat(const call& c) {
  std::string& out = c.memory.fresh();
  for (const value& v : c.arguments) {
    if (!append_text(v, out) || out.size() > max_text_bytes) return value::null();
  }
  return value::of(std::string_view{out});
}

value starts_with(const call& c) {
  return value::of(c.text(0).starts_with(c.text(1)));
}
value ends_with(const call& c) {
  return value::of(c.text(0).ends_with(c.text(1)));
}
value contains(const call& c) {
  return value::of(c.text(0).find(c.text(1)) != std::string_view::npos);
}

value position(const call& c) {
  const std::size_t at = c.text(0).find(c.text(1));
  if (at == std::string_view::npos) return value::of(std::int64_t{0});
  return value::of(count_characters(c.text(0).substr(0, at)) + 1);
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

/// The part of a URL between its `//` and the path, or nothing.
std::string_view authority_of(std::string_view url) noexcept {
  const std::size_t at = url.find("://");
  if (at == std::string_view::npos) return {};
  url.remove_prefix(at + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

value url_host(const call& c) {
  std::string_view host = authority_of(c.text(0));
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return host.empty() ? value::null() : value::of(host);
}

value url_path(const call& c) {
  std::string_view url = c.text(0);
  if (const std::string_view authority = authority_of(url); authority.data() != nullptr) {
    url.remove_prefix(static_cast<std::size_t>(authority.data() + authority.size() - url.data()));
  }
  return value::of(url.substr(0, url.find_first_of("?#")));
}

constexpr auto any_value = parameter::any;
constexpr auto integer = parameter::integer;
constexpr auto a_text = parameter::text;
constexpr auto as_text = static_type::text;
constexpr auto as_number = static_type::number;
constexpr auto as_boolean = static_type::boolean;

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
    function{"substr",
             "text",
             {a_text, integer, integer},
             2,
             3,
             as_text,
             "substr(text, start[, count])",
             "Characters from `start` on, which counts from 1, or from the end if it is negative.",
             "substr('gateway', 2, 3)",
             R"("ate")",
             substr},
    function{"left",
             "text",
             {a_text, integer},
             2,
             2,
             as_text,
             "left(text, count)",
             "The first characters.",
             "left('gateway', 4)",
             R"("gate")",
             left},
    function{"right",
             "text",
             {a_text, integer},
             2,
             2,
             as_text,
             "right(text, count)",
             "The last characters.",
             "right('gateway', 3)",
             R"("way")",
             right},
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
    function{"split_part",
             "text",
             {a_text, a_text, integer},
             3,
             3,
             as_text,
             "split_part(text, separator, n)",
             "The n-th part between separators, from 1; null if there are fewer.",
             "split_part('a,b,c', ',', 2)",
             R"("b")",
             split_part},
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
    function{"starts_with",
             "text",
             {a_text, a_text},
             2,
             2,
             as_boolean,
             "starts_with(text, prefix)",
             "Whether the text begins so.",
             "starts_with('/api/v1', '/api/')",
             "true",
             starts_with},
    function{"ends_with",
             "text",
             {a_text, a_text},
             2,
             2,
             as_boolean,
             "ends_with(text, suffix)",
             "Whether the text ends so.",
             "ends_with('app.log', '.gz')",
             "false",
             ends_with},
    function{"contains",
             "text",
             {a_text, a_text},
             2,
             2,
             as_boolean,
             "contains(text, part)",
             "Whether the part is somewhere in the text.",
             "contains('time out', 'out')",
             "true",
             contains},
    function{"position",
             "text",
             {a_text, a_text},
             2,
             2,
             as_number,
             "position(text, part)",
             "The character at which the part begins, from 1; 0 if it is not there.",
             "position('gateway', 'way')",
             "5",
             position},
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
    function{"url_host",
             "text",
             {a_text},
             1,
             1,
             as_text,
             "url_host(url)",
             "The host of a URL, without user and port; null if there is none.",
             "url_host('https://me@a.example:8443/x?q')",
             R"("a.example")",
             url_host},
    function{"url_path",
             "text",
             {a_text},
             1,
             1,
             as_text,
             "url_path(url)",
             "The path of a URL, without query and fragment.",
             "url_path('https://a.example/x/y?q=1')",
             R"("/x/y")",
             url_path},
};

}  // namespace

std::span<const function> text_functions() {
  return table;
}

}  // namespace weir::expr
