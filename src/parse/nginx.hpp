#pragma once
#include <memory>
#include <string_view>

#include "parse/layout.hpp"

namespace weir {

/// The layout of a log_format that weir knows by name: combined, main, ingress. Precondition: it is
/// one of them.
std::shared_ptr<const layout> nginx_layout(std::string_view format);

}  // namespace weir
