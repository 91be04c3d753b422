#pragma once
#include <string_view>

#include "parse/field_list.hpp"

namespace weir {

/// Adds `GET /a HTTP/1.1` as method, path and protocol. What is no such request, as strangers send
/// it, stays whole, as `request`; a `-` and an empty text are none.
void add_request(field_list& out, std::string_view request);

/// The class of an HTTP status as a level: error from 500 on, warn from 400, else info.
std::string_view level_of_status(std::string_view status) noexcept;

/// The option of parsers that have a status.
inline constexpr std::string_view status_level_text =
    "Add the field level: error for a status of 500 and more, warn from 400, else info.";

/// The number of a status: nginx writes 000 where no answer was given.
std::string_view status_number(std::string_view status) noexcept;

}  // namespace weir
