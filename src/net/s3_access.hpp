#pragma once
#include <string>

#include "net/s3_store.hpp"
#include "weir/component.hpp"

namespace weir {

/// What a user says of an S3 and who he is to it: the options of the source and of the sink.
struct s3_access {
  std::string endpoint;
  std::string region;
  std::string addressing = "auto";
  std::string profile;
  std::string access_key_id;
  secret secret_access_key;
  secret session_token;
  bool anonymous = false;
  bool requester_pays = false;
  secret sse_customer_key;
};

s3_settings settings_of(const s3_access& of, std::string bucket);
/// Reports options that do not fit together.
void check(const s3_access& of, reporter& report);
/// The certificates to trust: `ca`, or if it is empty those that AWS's own tools take.
std::string aws_ca_file(const std::string& ca);

/// Declares `s3_access` for a component whose options inherit it.
template <class Options>
void add_s3_access(declare<Options>& to) {
  const auto of = [](auto member) { return member_of<Options>(member); };
  to.option("endpoint", of(&s3_access::endpoint),
            "the URL of another server than AWS's; AWS_ENDPOINT_URL names it, too");
  to.option("region", of(&s3_access::region), "the bucket's region");
  to.option("addressing", of(&s3_access::addressing),
            "where the bucket's name goes: into the host's name or the path; auto is by path for "
            "other servers than AWS's",
            {.choices = {"auto", "path", "virtual"}});
  to.option("profile", of(&s3_access::profile), "a profile of the shared files");
  to.option("access_key_id", of(&s3_access::access_key_id), "a key to sign with");
  to.option("secret_access_key", of(&s3_access::secret_access_key), "its secret");
  to.option("session_token", of(&s3_access::session_token), "its token, if it is temporary");
  to.option("anonymous", of(&s3_access::anonymous), "use a public bucket without credentials");
  to.option("requester_pays", of(&s3_access::requester_pays),
            "agree to pay for a bucket whose owner does not");
  to.option("sse_customer_key", of(&s3_access::sse_customer_key),
            "the key that the objects are encrypted with (SSE-C): 32 bytes in base64");
}

}  // namespace weir
