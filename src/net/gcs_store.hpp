#pragma once
#include <string>
#include <string_view>

#include "net/google_token.hpp"
#include "net/object_store.hpp"

namespace weir {

struct gcs_settings {
  std::string bucket;
  std::string endpoint = {};  ///< a URL; empty: STORAGE_EMULATOR_HOST, else Google's
  bool anonymous = false;
};

/// A bucket of Google Cloud Storage, by its JSON interface. An emulator is asked without
/// credentials. Versions are told apart by the object's generation.
class gcs_store final : public object_store {
 public:
  /// `files` outlives it.
  gcs_store(gcs_settings settings, const environment& env, disk& files);

  http_result<object_page> list(http_client& client, const std::string& prefix,
                                const std::string& page, const backoff_policy& patience) override;
  http_result<http_request> get(http_client& client, const std::string& key,
                                const http_headers& added) override;
  error_story read_error(const http_head& head, const std::string& body) override;
  std::string shown(const std::string& key) const override;
  std::string version_header() const override { return "x-goog-generation"; }

  /// `what` (its method, headers and body) with credentials for `target`, which comes behind
  /// ".../b/BUCKET/o": an object's path and a query.
  http_result<http_request> request(http_client& client, const std::string& target,
                                    http_request what);
  /// The same at the address that takes content.
  http_result<http_request> upload_request(http_client& client, const std::string& target,
                                           http_request what);

 private:
  http_result<http_request> with_credentials(http_client& client, http_request what);
  std::string objects_url(std::string_view interface) const;

  gcs_settings settings_;
  std::string endpoint_;
  google_token token_;
};

}  // namespace weir
