#pragma once
#include <string>
#include <string_view>

namespace weir {

/// Appends `text` such that a terminal shows it and does nothing else: control characters (C0, DEL,
/// C1), line and paragraph separators, bidirectional controls and bytes that are not UTF-8 appear
/// as \n, \t,
/// \x1b, \u202e. Everything else, other languages included, is copied.
void append_visible(std::string_view text, std::string& out);

}  // namespace weir
