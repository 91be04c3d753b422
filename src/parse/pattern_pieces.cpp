#include "parse/pattern_pieces.hpp"

#include <array>

#include "base/time_zones.hpp"
#include "parse/level_words.hpp"

namespace weir {
namespace {

/// What `%{NAME}` stands for in the patterns of formats.
struct piece {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array<piece, 9> pieces{{
    {"ANY_TIME",
     R"(%{ISO_TIME}|%{CTIME}|%{SPELLED_TIME}|[A-Z][a-z]{2} [ \d]\d %{CLOCK}(?:\.\d+)?|)"
     R"(\d\d/[A-Z][a-z]{2}/\d{4}(?::%{CLOCK} [+-]\d{4}| %{CLOCK})|\d\d/\d\d/\d\d %{CLOCK}|)"
     R"(\d{8}[- ]\d{1,2}:\d{1,2}:\d{1,2}(?:[.:]\d+)?|%{EPOCH})"},
    // Seconds; or milli-, micro- or nanoseconds, from 2001 to 2100
    {"EPOCH", R"(\d{10}(?:\.\d+)?|(?:[123]\d{3}|40\d\d|410[01])\d{9}(?:\d{3}|\d{6})?)"},
    {"SPELLED_TIME",
     R"(\d{1,2}[-. ](?:[A-Z][A-Za-z]{2,8}|\d\d)[-. ]\d{4} %{CLOCK}(?:[.,]\d+)?(?: %{PLACE})?|)"
     R"([A-Z][a-z]{2,8} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d(?: [AP]M)?)"},
    {"ISO_TIME", R"(\d{4}[-/.]\d\d[-/.]\d\d[T _][ \d]\d:\d\d:\d\d(?:[.,]\d+)?)"
                 R"((?: ?%{UNCLEAR_ZONE}| ?(?:Z|%{ZONE}\b|[+-]\d\d:?\d\d)|[+-]\d\d\b)?)"},
    // A small pattern, for programs that write no names of zones
    {"NUMERIC_TIME", R"(\d{4}[-/]\d\d[-/]\d\d[T ]%{CLOCK}(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)"},
    // Part of the time all the same: without it another time would be read.
    {"UNCLEAR_ZONE", R"((?:[AP]M\b|IST\b|(?:UTC|GMT)[+-]\d{1,2}(?::?\d\d)?\b|%{PLACE}))"},
    {"PLACE",
     R"((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific))"
     R"((?:/[A-Z][\w+-]*\b)+)"},
    {"CTIME", R"([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d %{CLOCK}(?:\.\d+)?(?: %{ZONE})? \d{4})"},
    {"CLOCK", R"(\d\d:\d\d:\d\d)"},
}};

/// What `%{ZONE}` stands for.
std::string any_zone() {
  std::string out = "(?:";
  for (const named_zone& z : named_zones) out.append(z.name) += '|';
  out.back() = ')';
  return out;
}

/// What `%{LEVEL}` stands for.
std::string any_level() {
  std::string out = "(?i:";
  for (const std::string_view word : level_words) out.append(word) += '|';
  out.back() = ')';
  return out;
}

void replace_piece(std::string_view name, std::string_view by, std::string& in) {
  const std::string spelled = "%{" + std::string{name} + "}";
  for (std::size_t at = 0; (at = in.find(spelled, at)) != in.npos; at += by.size()) {
    in.replace(at, spelled.size(), by);
  }
}

}  // namespace

// A piece holds only pieces that stand behind it, zones and levels.
std::string with_pieces(std::string_view pattern) {
  std::string out{pattern};
  for (const piece& p : pieces) replace_piece(p.name, p.pattern, out);
  replace_piece("ZONE", any_zone(), out);
  replace_piece("LEVEL", any_level(), out);
  return out;
}

}  // namespace weir
