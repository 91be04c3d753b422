#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// What signatures and sums are made of. Results are raw bytes unless they say otherwise.

/// Of `text` and of `more` behind it.
std::string sha256(std::string_view text, std::string_view more = {});
/// For servers that ask for it; it protects nothing.
std::string md5(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string lower_hex(std::string_view bytes);
std::string base64(std::string_view bytes);
/// Nothing if it is no base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace weir
