#pragma once
#include <string>
#include <string_view>

namespace weir {

enum class slash : bool { encoded, kept };

/// Percent-encodes what is not a letter, a digit or one of `-._~`, as RFC 3986 and every signature
/// have it.
std::string percent_encoded(std::string_view text, slash how = slash::encoded);
/// The inverse; a `%` that no two digits follow stands for itself.
std::string percent_decoded(std::string_view text);

}  // namespace weir
