#pragma once
#include <re2/re2.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/scratch.hpp"
#include "expr/tree.hpp"

namespace weir::expr {

/// The longest text that a function makes. Longer results are null, so that no expression can use
/// up memory.
inline constexpr std::size_t max_text_bytes = 1 << 20;
inline constexpr std::size_t max_arguments = 16;

/// A call at run time. String arguments have no escapes left. Unless the function sees nulls, no
/// argument is null or missing and each has its declared type.
struct call {
  std::span<const value> arguments;
  const RE2* pattern;  ///< of the argument declared `pattern`
  scratch& memory;
  /// What a time without a year is near to: the last change of what the record comes from.
  std::int64_t near_ns = 0;

  std::string_view text(std::size_t i) const noexcept { return arguments[i].text; }
  std::size_t count() const noexcept { return arguments.size(); }
  /// The integer argument `i`, or `otherwise` if it was not given.
  std::int64_t integer(std::size_t i, std::int64_t otherwise) const noexcept {
    return i < arguments.size() ? arguments[i].integer : otherwise;
  }
};

/// What an argument has to be. `pattern` is a regex and must be a constant; `constant` any constant
/// text.
enum class parameter : std::uint8_t {
  any,
  boolean,
  integer,
  number,
  text,
  time,
  pattern,
  constant
};

/// A function of the language: everything that weir knows of it. Checks, calls, the reference page
/// and its tests derive from this.
struct function {
  std::string_view name;
  std::string_view group;  ///< "text", "number", "time", ...
  std::array<parameter, 4> parameters;
  std::uint8_t min_arguments;
  std::uint8_t max_arguments;  ///< more than the parameters: the last one repeats
  static_type result;
  std::string_view signature;       ///< as people read it: "substr(text, start[, count])"
  std::string_view summary;         ///< one line, ends with a full stop
  std::string_view example;         ///< a call with constants,
  std::string_view example_result;  ///< and its value as JSON
  value (*run)(const call&);
  bool sees_null = false;
  /// Complains about a constant text argument that can never work.
  std::optional<std::string> (*check)(std::size_t argument, std::string_view literal) = nullptr;
  /// Of constants it is a constant, known before the run.
  bool folds = true;

  parameter at(std::size_t i) const noexcept {
    std::size_t last = parameters.size() - 1;
    if (max_arguments <= parameters.size()) last = max_arguments - 1u;
    return parameters[i < last ? i : last];
  }
};

/// All functions, by group.
std::span<const function> functions();
/// The function of that name in any case, or nullptr.
const function* find_function(std::string_view name) noexcept;
/// The place of one of them in `functions()`.
std::uint32_t index_of(const function& f) noexcept;

// By file; those on parts of texts are in the group "text".
std::span<const function> text_functions();
std::span<const function> part_functions();
std::span<const function> pattern_functions();
std::span<const function> number_functions();
std::span<const function> time_functions();
std::span<const function> conversion_functions();
std::span<const function> hash_functions();
std::span<const function> context_functions();

/// Appends what `to_string` gives. False for what has no text form.
bool append_text(const value& v, std::string& out);

}  // namespace weir::expr
