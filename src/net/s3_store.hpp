#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "net/aws_credential_chain.hpp"
#include "net/object_store.hpp"

namespace weir {

struct s3_settings {
  std::string bucket;
  std::string scheme = "s3";  ///< how its objects are called: s3://...
  std::string endpoint = {};  ///< a URL; empty: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile
  std::string region = {};    ///< empty: AWS_REGION, AWS_DEFAULT_REGION, the profile
  enum class addressing : std::uint8_t {
    automatic,  ///< virtual hosts at AWS for names that fit there, else paths
    path,
    virtual_host,
  };
  addressing style = addressing::automatic;
  bool requester_pays = false;
  secret customer_key = {};  ///< 32 bytes in base64 that objects are encrypted with; may be empty
  aws_identity who = {};
};

/// The URL that a bucket's keys are appended to, with its final slash. `endpoint` may be empty.
std::string bucket_url(const std::string& bucket, const std::string& endpoint,
                       const std::string& region, s3_settings::addressing style);

/// A bucket of S3, or of anything that speaks its protocol. A region that the server corrects, a
/// clock that is wrong, and credentials that have expired are put right once.
class s3_store final : public object_store {
 public:
  /// `files` outlives it.
  s3_store(s3_settings settings, const environment& env, disk& files);

  http_result<object_page> list(http_client& client, const std::string& prefix,
                                const std::string& page, const backoff_policy& patience) override;
  http_result<http_request> get(http_client& client, const std::string& key,
                                const http_headers& added) override;
  error_story read_error(const http_head& head, const std::string& body) override;
  std::string shown(const std::string& key) const override;

  /// Adds what a request needs that reads or writes an object's content: the customer's key.
  void add_customer_key(http_request& to) const;
  /// `what` (its method, headers and body), signed, for `target`: a key's path and a query.
  http_result<http_request> request(http_client& client, const std::string& target,
                                    http_request what);

 private:
  std::string region() const;
  bool learn_region(const std::string& named);
  bool learn_time(const http_head& head);

  s3_settings settings_;
  std::string endpoint_;
  aws_credential_chain credentials_;
  aws_signing_key signing_key_;
  mutable std::mutex mutex_;  ///< guards region_
  std::string region_;
  std::atomic<std::int64_t> skew_ns_{0};  ///< how far the server's clock is ahead
  std::atomic<std::int64_t> asked_ns_{0};
};

}  // namespace weir
