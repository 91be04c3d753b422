#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "net/http.hpp"

namespace weir {

/// Who signs.
struct aws_credentials {
  std::string key_id;
  secret key;
  secret session_token = {};                              ///< empty for keys that last
  std::optional<std::int64_t> expires_ns = std::nullopt;  ///< nanoseconds since 1970
};

/// Where the signature holds.
struct aws_scope {
  std::string region;
  std::string service;
};

/// How the path enters the signature: S3 takes it as it is sent; other services resolve its dots
/// and slashes and encode it once more.
enum class signed_path : std::uint8_t { as_sent, encoded, normalized };

/// The request as it is hashed (AWS Signature Version 4). `path` and `query` are as in the URL,
/// `headers` are all that are signed, `host` among them.
std::string canonical_request(const std::string& method, std::string_view path,
                              std::string_view query, const http_headers& headers,
                              const std::string& payload_hash, signed_path how);
/// `amz_date` is "20150830T123600Z".
std::string string_to_sign(const std::string& canonical, const std::string& amz_date,
                           const aws_scope& scope);
std::string signature_of(const std::string& text, const std::string& amz_date,
                         const aws_scope& scope, const secret& key);

/// The key that is derived from a secret for a day and a scope, which takes most of a signature's
/// time: the latest is remembered. Safe to use from several threads.
class aws_signing_key {
 public:
  std::string get(const std::string& amz_date, const aws_scope& scope, const secret& key);

 private:
  std::mutex mutex_;
  std::string of_;
  std::string derived_;
};

/// Signs `r`, whose headers and URL are complete, for the time `wall_ns`. `kept` is for who signs
/// often.
void sign(http_request& r, const aws_credentials& by, const aws_scope& scope, std::int64_t wall_ns,
          aws_signing_key& kept);
void sign(http_request& r, const aws_credentials& by, const aws_scope& scope, std::int64_t wall_ns);

}  // namespace weir
