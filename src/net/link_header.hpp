#pragma once
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace weir {

/// The target, as it stands, of the answer's first link with that relation (`Link: <...>;
/// rel="next"`, RFC 8288); empty if there is none. Links of other things than the answer itself
/// (`anchor`) do not count.
std::string link_target(const http_head& head, std::string_view relation);

}  // namespace weir
