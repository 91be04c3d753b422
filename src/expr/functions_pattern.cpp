#include <array>
#include <vector>

#include "expr/functions.hpp"

namespace weir::expr {
namespace {

value matches(const call& c) {
  return value::of(RE2::PartialMatch(c.text(0), *c.pattern));
}

value extract(const call& c) {
  const std::int64_t wanted = c.integer(2, c.pattern->NumberOfCapturingGroups() > 0 ? 1 : 0);
  if (wanted < 0 || wanted > c.pattern->NumberOfCapturingGroups()) return value::null();
  const auto group = static_cast<std::size_t>(wanted);
  constexpr std::size_t usual = 10;
  std::array<re2::StringPiece, usual> few;
  std::vector<re2::StringPiece> many(group < usual ? 0 : group + 1);
  re2::StringPiece* const found = group < usual ? few.data() : many.data();
  const std::string_view text = c.text(0);
  if (!c.pattern->Match(text, 0, text.size(), RE2::UNANCHORED, found,
                        static_cast<int>(group) + 1)) {
    return value::null();
  }
  const re2::StringPiece& piece = found[group];
  return piece.data() == nullptr ? value::null()
                                 : value::of(std::string_view{piece.data(), piece.size()});
}

value replace_regex(const call& c) {
  std::string& out = c.memory.fresh();
  out = c.text(0);
  RE2::GlobalReplace(&out, *c.pattern, c.text(2));
  return out.size() <= max_text_bytes ? value::of(std::string_view{out}) : value::null();
}

constexpr auto a_text = parameter::text;
constexpr auto a_pattern = parameter::pattern;

constexpr std::array table{
    function{"matches",
             "pattern",
             {a_text, a_pattern},
             2,
             2,
             static_type::boolean,
             "matches(text, pattern)",
             "Whether the regex (RE2) matches somewhere in the text, as `~`.",
             R"(matches('GET /a', '^(GET|HEAD) '))",
             "true",
             matches},
    function{"extract",
             "pattern",
             {a_text, a_pattern, parameter::integer},
             2,
             3,
             static_type::text,
             "extract(text, pattern[, group])",
             "What the group of the first match holds: by default the first group, or all if there "
             "is none; null without a match.",
             R"(extract('took 35 ms', '(\d+) ms'))",
             R"("35")",
             extract},
    function{"replace_regex",
             "pattern",
             {a_text, a_pattern, a_text},
             3,
             3,
             static_type::text,
             "replace_regex(text, pattern, to)",
             "The text with each match replaced; `\\1` in `to` is the first group.",
             R"(replace_regex('id=123', '\d', '#'))",
             R"("id=###")",
             replace_regex},
};

}  // namespace

std::span<const function> pattern_functions() {
  return table;
}

}  // namespace weir::expr
