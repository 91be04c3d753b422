#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "cli/invocation.hpp"

namespace CLI {
class App;
}

namespace weir {

struct subcommand {
  const char* name;
  action what;
  const char* summary;
};

/// Null for a word that is none.
const subcommand* find_subcommand(std::string_view name);
/// The one that a misspelt word was meant as.
std::optional<std::string> nearest_subcommand(std::string_view word);

// Each lets `app` read options or operands into `out`, which outlives it.

/// What a subcommand takes.
void add_options(CLI::App& app, action what, invocation& out);
void add_operands(CLI::App& app, action what, invocation& out);
/// What `weir` takes without a subcommand.
void add_all(CLI::App& app, invocation& out);

}  // namespace weir
