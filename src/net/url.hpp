#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// `to` as seen from `from`, without user and password; empty if it is no URL.
std::string resolved_url(const std::string& from, const std::string& to);

/// Scheme, host and port are the same: whoever may see a secret at one may see it at the other.
bool same_origin(const std::string& a, const std::string& b);

/// The decoded value of a parameter of the URL's query; nothing if it has none of that name.
std::optional<std::string> parameter_in(std::string_view url, std::string_view name);

/// The URL with that parameter in its query, in the place of one of the same name. Everything else
/// stays as it stands, but for the fragment, which goes.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

struct url_login {
  std::string user;
  std::string password;
};
/// Takes user and password out of a URL; nothing if it has none.
std::optional<url_login> take_login(std::string& url);

}  // namespace weir
