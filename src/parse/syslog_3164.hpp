#pragma once
#include <string_view>

#include "parse/field_list.hpp"
#include "weir/batch.hpp"

namespace weir {

/// Adds a field unless its text is empty or RFC 5424's nil, `-`.
void add_unless_nil(field_list& out, std::string_view name, std::string_view text);

/// Reads what stands behind the priority of `line`, `text`, as RFC 3164 describes it and files and
/// devices write it. Lenient: without a time it is the message.
verdict parse_syslog_3164(std::string_view line, std::string_view text, bool has_priority,
                          bool lenient, field_list& out);

}  // namespace weir
