#pragma once
#include <string_view>
#include <vector>

namespace weir {

/// Whether `lines` are certainly valid UTF-8 in which each string ends in the line that it began
/// in: everything that `json trust=true` asks of lines but their braces, of many lines at once.
/// False also where a backslash stands outside of strings; then `check_trusted_json` decides. Reads
/// the bytes once, with the widest vectors that the processor has.
bool json_strings_end_in_line(std::string_view lines) noexcept;

/// The ways in which this processor can do that, the fastest first.
std::vector<bool (*)(std::string_view) noexcept> json_string_checks();

}  // namespace weir
