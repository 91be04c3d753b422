#pragma once
#include <curl/curl.h>

#include <string>

#include "net/http.hpp"

namespace weir {

// What it means that curl gave up a transfer.

/// Trying again would come to the same.
bool is_lasting(CURLcode how);
/// What to do about it; empty if there is nothing to say.
std::string hint_for(CURLcode how);
/// Why `easy` came to nothing, in our own words: curl's may hold what nobody should see. `detail`
/// is curl's text of that transfer, which was made with `options`.
std::string cause_of_failure(CURLcode how, CURL* easy, const char* detail,
                             const http_options& options);

}  // namespace weir
