#include <algorithm>
#include <array>

#include "expr/characters.hpp"
#include "expr/functions.hpp"

// The functions on text that look for a part of it or give one.

namespace weir::expr {
namespace {

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

constexpr auto integer = parameter::integer;
constexpr auto a_text = parameter::text;
constexpr auto as_text = static_type::text;
constexpr auto as_number = static_type::number;
constexpr auto as_boolean = static_type::boolean;

constexpr std::array table{
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

std::span<const function> part_functions() {
  return table;
}

}  // namespace weir::expr
