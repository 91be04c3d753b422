#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace weir {

/// Grok pattern definitions by name.
using grok_definitions = std::map<std::string, std::string, std::less<>>;

/// The naming of the standard patterns' fields.
enum class grok_names : unsigned char { ecs, legacy };

/// The standard definitions, with the constructs that RE2 refuses rewritten.
const grok_definitions& standard_grok(grok_names names);

/// One construct of a standard definition and what stands for it.
struct grok_rewrite {
  std::string_view pattern;  ///< the definition's name
  std::string_view from;     ///< occurs in it, in one of the sets at least
  std::string_view to;
};
std::span<const grok_rewrite> grok_rewrites();

/// Reads `NAME regex` lines; comments and blank lines are skipped.
grok_definitions read_grok_definitions(std::string_view text);

/// The files as they came.
std::string_view grok_text_ecs_v1();
std::string_view grok_text_legacy();

}  // namespace weir
