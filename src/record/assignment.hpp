#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "weir/value.hpp"

namespace weir {

/// `"name":json`, and where the JSON begins in it. Empty if it is not known beforehand.
struct rendered_member {
  std::string_view text;
  std::size_t json_at = 0;
  std::string_view json() const noexcept { return text.substr(json_at); }
};

/// A top-level field and what it becomes. `name` is unescaped. Where `rendered` is given it is what
/// is written, and `value` only tells that there is one (anything but `missing`).
struct assignment {
  std::string_view name;
  weir::value value;
  rendered_member rendered = {};
};

/// Appends `"name":value`; returns where the value begins in `out`.
std::size_t render_member(std::string_view name, const value& v, std::string& out);

}  // namespace weir
