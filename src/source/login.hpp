#pragma once
#include <vector>

#include "net/http_login.hpp"
#include "source/reading.hpp"

namespace weir {

/// What to send with each request; complaints go to the reporter.
std::vector<http_credential> credentials_of(const http_login& who, reporter& report);

/// Declares `http_login` for a source whose options inherit them.
template <class Options>
void add_login_options(declare<Options>& to) {
  to.option("bearer", member_of<Options>(&http_login::bearer),
            "a token for `Authorization: Bearer`");
  to.option("user", member_of<Options>(&http_login::user), "a user for basic authentication");
  to.option("password", member_of<Options>(&http_login::password), "the user's password");
  to.option("header", member_of<Options>(&http_login::headers),
            "a header to send, such as \"X-Api-Key: ${env:KEY}\"; never shown");
}

}  // namespace weir
