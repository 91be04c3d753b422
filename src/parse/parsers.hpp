#pragma once
#include "weir/component.hpp"

namespace weir {

component clf();
component dissect();
component grok();
component logfmt();
component regex();
component syslog();

}  // namespace weir
