#include <unistd.h>

#include <array>
#include <cstdlib>

#include "expr/functions.hpp"

namespace weir::expr {
namespace {

value now(const call& c) {
  return value::at_nanoseconds(c.memory.now_ns());
}

value hostname(const call& c) {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return value::null();
  std::string& out = c.memory.fresh();
  out = name;
  return value::of(std::string_view{out});
}

value environment(const call& c) {
  const char* const found = std::getenv(std::string{c.text(0)}.c_str());
  if (found == nullptr) return value::null();
  std::string& out = c.memory.fresh();
  out = found;
  return value::of(std::string_view{out});
}

constexpr std::array table{
    function{.name = "now",
             .group = "context",
             .parameters = {},
             .min_arguments = 0,
             .max_arguments = 0,
             .result = static_type::time,
             .signature = "now()",
             .summary = "The start of the run, also after a resume.",
             .example = "now()",
             .example_result = R"("2026-01-02T03:04:05Z")",
             .run = now,
             .folds = false},
    function{.name = "hostname",
             .group = "context",
             .parameters = {},
             .min_arguments = 0,
             .max_arguments = 0,
             .result = static_type::text,
             .signature = "hostname()",
             .summary = "The name of the machine.",
             .example = "length(hostname()) > 0",
             .example_result = "true",
             .run = hostname},
    function{.name = "env",
             .group = "context",
             .parameters = {parameter::constant},
             .min_arguments = 1,
             .max_arguments = 1,
             .result = static_type::text,
             .signature = "env(name)",
             .summary = "An environment variable; null if it is not set.",
             .example = "coalesce(env('WEIR_NOT_SET'), 'none')",
             .example_result = R"("none")",
             .run = environment},
};

}  // namespace

std::span<const function> context_functions() {
  return table;
}

}  // namespace weir::expr
