#pragma once
#include <string>
#include <string_view>

#include "weir/record.hpp"

namespace weir::expr {

/// What a program wrote, of a record that is a line of a container's log (CRI, Docker's json-file,
/// docker compose); empty for other records. Escapes are resolved into `memory`.
std::string_view text_of_container(const record& r, std::string& memory);

/// The word that names the level of a line of logfmt, of klog, or with a time in front and the
/// level before or behind it; empty if there is none. O(line).
std::string_view level_word_of(std::string_view line);

}  // namespace weir::expr
