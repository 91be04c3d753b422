#pragma once
#include <string>
#include <utility>

#include "net/environment.hpp"
#include "net/http_client.hpp"
#include "net/renewed_token.hpp"

namespace weir {

/// An access token for Azure's storage by the managed identity of the machine or the service that
/// weir runs in: from where IDENTITY_ENDPOINT and IDENTITY_HEADER say (App Service, Functions,
/// Container Apps), else from the instance's metadata service. AZURE_CLIENT_ID names one of several
/// identities. Fetched anew five minutes before it expires. Safe to use from several threads.
class azure_token {
 public:
  explicit azure_token(environment env) : env_(std::move(env)) {}

  http_result<secret> get(http_client& client);
  /// The server does not take it: the next `get` fetches another.
  void renew() { kept_.renew(); }

 private:
  http_result<access_token> fetch(http_client& client) const;
  http_request question() const;

  environment env_;
  renewed_token kept_;
};

}  // namespace weir
