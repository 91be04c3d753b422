#pragma once
#include <string>

namespace weir {

/// A name that nobody else has: 128 random bits, in hex.
std::string random_name();

}  // namespace weir
