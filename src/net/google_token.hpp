#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/disk.hpp"
#include "net/environment.hpp"
#include "net/http_client.hpp"
#include "net/renewed_token.hpp"

namespace weir {

/// An access token of Google's cloud, from where its own tools take one: the file that
/// GOOGLE_APPLICATION_CREDENTIALS names or `gcloud` left (a service account's key, or a user's
/// refresh token), else the metadata server. Fetched anew five minutes before it expires. Safe to
/// use from several threads.
class google_token {
 public:
  /// `files` outlives it.
  google_token(environment env, disk& files) : env_(std::move(env)), files_(files) {}

  http_result<secret> get(http_client& client);
  /// The server does not take it: the next `get` fetches another.
  void renew() { kept_.renew(); }

 private:
  http_result<access_token> fetch(http_client& client);
  http_result<access_token> from_file(http_client& client, const std::string& path,
                                      const std::string& content);
  http_result<access_token> from_metadata(http_client& client);

  environment env_;
  disk& files_;
  renewed_token kept_;
};

/// A JWT for that service account (RFC 7523), signed with its key (PEM). Nothing if the key cannot
/// be read.
std::optional<std::string> signed_assertion(const std::string& account, const std::string& audience,
                                            const secret& key, std::int64_t wall_ns);

}  // namespace weir
