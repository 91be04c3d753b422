#include "net/s3_access.hpp"

#include <utility>

#include "base/digest.hpp"

namespace weir {

s3_settings settings_of(const s3_access& of, std::string bucket) {
  using enum s3_settings::addressing;
  return {.bucket = std::move(bucket),
          .endpoint = of.endpoint,
          .region = of.region,
          .style = of.addressing == "path"      ? path
                   : of.addressing == "virtual" ? virtual_host
                                                : automatic,
          .requester_pays = of.requester_pays,
          .customer_key = of.sse_customer_key,
          .who = {.key_id = of.access_key_id,
                  .key = of.secret_access_key,
                  .session_token = of.session_token,
                  .profile = of.profile,
                  .anonymous = of.anonymous}};
}

void check(const s3_access& of, reporter& report) {
  if (of.access_key_id.empty() != of.secret_access_key.reveal().empty())
    report.error("`access_key_id` and `secret_access_key` belong together", {});
  const std::string& customer_key = of.sse_customer_key.reveal();
  if (!customer_key.empty() && from_base64(customer_key).value_or("").size() != 32)
    report.error("`sse_customer_key` is not 32 bytes in base64", {});
}

std::string aws_ca_file(const std::string& ca) {
  return ca.empty() ? process_environment()("AWS_CA_BUNDLE").value_or("") : ca;
}

}  // namespace weir
