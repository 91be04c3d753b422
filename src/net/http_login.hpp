#pragma once
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace weir {

/// How the user says to a server who he is. The options of a source inherit it.
struct http_login {
  std::optional<secret> bearer = {};
  std::string user = {};
  std::optional<secret> password = {};
  std::vector<secret> headers = {};  ///< "Name: value" each

  /// What to send with a request; or what is wrong, in words for the user.
  std::expected<std::vector<http_credential>, std::string> credentials() const;
};

/// The value of `Authorization` for basic authentication.
secret basic_authorization(const std::string& user, const std::string& password);

}  // namespace weir
