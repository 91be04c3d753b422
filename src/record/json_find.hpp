#pragma once
#include <span>
#include <string_view>

#include "weir/record.hpp"

namespace weir {

/// The JSON text of the value at `path`, without blanks around it; an empty view with a null
/// pointer if there is none. Keys compare unescaped; the first of duplicates is found. On text that
/// is not valid JSON (`trust`) the answer may be any part of the record, never anything outside it.
/// Precondition: `r` is shape::json. Cost: a few ns for each member before the one wanted.
std::string_view find_json(const record& r, const field_path& path) noexcept;

/// The same in a JSON value that stands for itself; `path` may have any number of segments.
std::string_view find_json(std::string_view json,
                           std::span<const field_path::segment> path) noexcept;

/// The same for a top-level member by its unescaped name.
std::string_view find_json_member(const record& r, std::string_view name) noexcept;

/// Whether the raw content of a JSON string (between its quotes) is `name` once unescaped.
bool same_unescaped(std::string_view json_string, std::string_view name);

}  // namespace weir
