#pragma once
#include <memory>

#include "parse/line_parser.hpp"

namespace weir {

/// Reads any line that begins with a time: time, level, message, and the context between them. A
/// time of the day alone is one only if a level follows it.
std::unique_ptr<line_parser> make_plain_parser();

}  // namespace weir
