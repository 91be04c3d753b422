#include "parse/grok_library.hpp"

#include <array>

#include "base/blank.hpp"

namespace weir {
namespace {

// RE2 has no look-around. One that keeps a number, a time or an address from lying inside of a
// longer run of digits becomes a comment, which translate_grok knows; others are dropped.
constexpr std::array<grok_rewrite, 13> rewrites{{
    {"BASE10NUM", "(?<![0-9.+-])(?>[+-]?(?:(?:", "(?>[+-]?(?:(?:(?#edge)"},
    {"BASE16NUM", "(?<![0-9A-Fa-f])", ""},
    {"BASE16FLOAT", "(?<![0-9A-Fa-f.])", ""},
    {"QUOTEDSTRING", "(?<!\\\\)", ""},
    {"IPV4", "(?<![0-9])", "(?#edge)"},
    {"IPV4", "(?![0-9])", "(?#edge)"},
    {"TIME", "(?!<[0-9])", ""},  // sic: no look-behind, it forbids a `<`
    {"TIME", "(?![0-9])", "(?#edge)"},
    {"HAPROXYTIME", "(?!<[0-9])", ""},
    {"HAPROXYTIME", "(?![0-9])", "(?#edge)"},
    {"EMAILLOCALPART", "{1,62}){0,63}", "+)*"},  // RE2 repeats a thousand times at most
    {"MONGO_QUERY", "(?<={ ).*(?= } ntoreturn:)", ".*"},
    {"IPTABLES4_FRAG", "(?<= )", ""},
}};

/// The message of a PAM line is looked ahead for and then read in parts: here the parts lie in it.
void rewrite_pam(std::string& definition) {
  constexpr std::string_view ahead = "(?=%{GREEDYDATA:message})";
  const std::size_t at = definition.find(ahead);
  if (at == definition.npos) return;
  definition.replace(at, ahead.size(), "(?<message>");
  definition += ".*)";
}

grok_definitions rewritten(std::string_view text) {
  grok_definitions all = read_grok_definitions(text);
  for (const grok_rewrite& r : rewrites) {
    const auto found = all.find(r.pattern);
    if (found == all.end()) continue;
    const std::size_t at = found->second.find(r.from);
    if (at != std::string::npos) found->second.replace(at, r.from.size(), r.to);
  }
  rewrite_pam(all.find("SYSLOGPAMSESSION")->second);
  return all;
}

}  // namespace

std::span<const grok_rewrite> grok_rewrites() {
  return rewrites;
}

grok_definitions read_grok_definitions(std::string_view text) {
  grok_definitions all;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t blank = line.find_first_of(" \t");
    if (line.empty() || line[0] == '#' || blank == line.npos || blank == 0) continue;
    all.insert_or_assign(std::string{line.substr(0, blank)},
                         std::string{trimmed(line.substr(blank))});
  }
  return all;
}

const grok_definitions& standard_grok(grok_names names) {
  static const grok_definitions ecs = rewritten(grok_text_ecs_v1());
  static const grok_definitions legacy = rewritten(grok_text_legacy());
  return names == grok_names::ecs ? ecs : legacy;
}

}  // namespace weir
