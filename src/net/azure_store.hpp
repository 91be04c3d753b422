#pragma once
#include <memory>
#include <optional>
#include <string>

#include "net/azure_token.hpp"
#include "net/environment.hpp"
#include "net/object_store.hpp"

namespace weir {

/// An account of Azure's storage and how to get in.
struct azure_account {
  std::string name;
  std::string endpoint;    ///< the URL of its blobs, without a final slash
  secret key = {};         ///< signs each request, if it is there
  std::string fault = {};  ///< why it cannot be used; empty if it can
  secret sas = {};         ///< else goes into each URL, if it is there: "sv=...&sig=..."
  std::shared_ptr<azure_token> identity = {};  ///< else gives a token, if it is there
};

/// Reads a connection string: `DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...`.
/// Nothing if it names neither an account nor an endpoint.
std::optional<azure_account> parse_connection_string(const std::string& text);

/// The account of the environment: AZURE_STORAGE_CONNECTION_STRING, else AZURE_STORAGE_ACCOUNT with
/// AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or with the managed identity if
/// AZURE_STORAGE_AUTH_MODE is `login`, as Azure's own tool has it.
std::optional<azure_account> account_of(const environment& env);
/// The account of a connection string, or if that is empty, of the environment.
std::optional<azure_account> account_of(const secret& connection_string, const environment& env);
/// Reports a connection string that names none.
void check_account(const secret& connection_string, reporter& report);

/// What Shared Key signs: `path` and `query` as in the URL, `headers` all that are sent.
std::string azure_string_to_sign(const std::string& account, const std::string& method,
                                 std::string_view path, std::string_view query,
                                 const http_headers& headers);

/// A container of Azure's blobs.
class azure_store final : public object_store {
 public:
  azure_store(std::string container, std::optional<azure_account> account);

  http_result<object_page> list(http_client& client, const std::string& prefix,
                                const std::string& page, const backoff_policy& patience) override;
  http_result<http_request> get(http_client& client, const std::string& key,
                                const http_headers& added) override;
  error_story read_error(const http_head& head, const std::string& body) override;
  std::string shown(const std::string& key) const override;

  /// `what` (its method, headers and body), signed, for a blob and a query, which may be empty.
  http_result<http_request> request_of(http_client& client, const std::string& key,
                                       const std::string& query, http_request what);

 private:
  http_result<http_request> request(http_client& client, const std::string& path,
                                    const std::string& query, http_request what);

  std::string container_;
  std::optional<azure_account> account_;
};

}  // namespace weir
