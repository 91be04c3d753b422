#include "net/s3_access.hpp"

#include <utility>

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
          .who = {.key_id = of.access_key_id,
                  .key = of.secret_access_key,
                  .session_token = of.session_token,
                  .profile = of.profile,
                  .anonymous = of.anonymous}};
}

void check(const s3_access& of, reporter& report) {
  if (of.access_key_id.empty() != of.secret_access_key.reveal().empty())
    report.error("`access_key_id` and `secret_access_key` belong together", {});
}

std::string aws_ca_file(const std::string& ca) {
  return ca.empty() ? process_environment()("AWS_CA_BUNDLE").value_or("") : ca;
}

}  // namespace weir
