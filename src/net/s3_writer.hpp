#pragma once
#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "net/object_writer.hpp"
#include "net/s3_store.hpp"

namespace weir {

/// How an S3 is written to.
struct s3_writing {
  s3_settings settings;
  http_options http = {};
  /// Send `If-None-Match: *`. Some that speak S3's protocol refuse it, and some ignore it.
  bool conditional = true;
  /// How the server is to encrypt what is written, `AES256` or `aws:kms`; empty: as the bucket has
  /// it.
  std::string encryption = {};
  std::string kms_key = {};  ///< for aws:kms; empty for the account's own
};

/// Writes to a bucket. Each call makes attempts as `patience` has it. `with` outlives it.
std::unique_ptr<object_writer> make_s3_writer(const s3_writing& how, const environment& env,
                                              const context& with, backoff_policy patience);

}  // namespace weir
