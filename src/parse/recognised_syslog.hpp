#pragma once
#include <memory>

#include "parse/line_parser.hpp"

namespace weir {

// What `auto` takes for syslog, whose lines look like those of many programs.

/// Takes lines that are syslog whatever stands beside them.
std::unique_ptr<line_parser> sure_syslog();
/// Takes those, and more that are syslog where such lines stand beside them.
std::unique_ptr<line_parser> syslog_beside_sure();

}  // namespace weir
