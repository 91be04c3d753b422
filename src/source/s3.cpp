#include <memory>
#include <string>
#include <utility>

#include "net/s3_store.hpp"
#include "source/object_inventory.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct s3_source_options : remote_options {
  std::string url;
  std::string endpoint;
  std::string region;
  std::string addressing = "auto";
  std::string profile;
  std::string access_key_id;
  secret secret_access_key;
  secret session_token;
  bool anonymous = false;
  bool requester_pays = false;
};

s3_settings settings_of(const s3_source_options& o, std::string bucket) {
  using enum s3_settings::addressing;
  return {.bucket = std::move(bucket),
          .endpoint = o.endpoint,
          .region = o.region,
          .style = o.addressing == "path"      ? path
                   : o.addressing == "virtual" ? virtual_host
                                               : automatic,
          .requester_pays = o.requester_pays,
          .who = {.key_id = o.access_key_id,
                  .key = o.secret_access_key,
                  .session_token = o.session_token,
                  .profile = o.profile,
                  .anonymous = o.anonymous}};
}

void check_keys(const s3_source_options& o, reporter& report) {
  if (o.access_key_id.empty() != o.secret_access_key.reveal().empty())
    report.error("`access_key_id` and `secret_access_key` belong together", {});
}

/// The bundle of certificates that AWS's own tools take.
s3_source_options with_environment(s3_source_options o) {
  if (o.ca.empty()) o.ca = process_environment()("AWS_CA_BUNDLE").value_or("");
  return o;
}

}  // namespace

component from_s3() {
  declare<s3_source_options> s3(component::role::source, "s3",
                                "Reads objects from S3 and what speaks its protocol.");
  s3.describe(
      "`from s3 url=s3://BUCKET/KEY` can be written `from s3://BUCKET/KEY`. With a final slash, or "
      "without a key, it is everything below. Otherwise the key may be a glob: `*` and `?` do not "
      "go "
      "beyond a slash, `**` stands for any text, `[a-z]` is one character of a set, `{a,b}` are "
      "alternatives. What stands before the first wildcard is the prefix that is listed. Objects "
      "come "
      "in the order of their keys; several are read at a time.\n\nCredentials are looked for where "
      "AWS's own tools do: the options, the environment, the shared files' profile (also one that "
      "assumes a role), a web identity's token, the container's and the instance's metadata "
      "service; they are renewed before they expire. The region and the endpoint come from the "
      "options, AWS_REGION, AWS_ENDPOINT_URL, or the profile.\n\nA connection that breaks is taken "
      "up "
      "again from the last byte, held to the object's ETag: an object that changes while it is "
      "read "
      "is an error for that object. Objects that cannot be read are counted and reported; the "
      "others "
      "are read (exit 74). A glob that matches nothing is an error (exit 66).");
  s3.option("url", &s3_source_options::url, "s3://BUCKET/KEY, a prefix with its slash, or a glob",
            required);
  s3.option("endpoint", &s3_source_options::endpoint,
            "the URL of another server than AWS's; AWS_ENDPOINT_URL names it, too");
  s3.option("region", &s3_source_options::region, "the bucket's region");
  s3.option("addressing", &s3_source_options::addressing,
            "where the bucket's name goes: into the host's name or the path; auto is by path for "
            "other servers than AWS's",
            {.choices = {"auto", "path", "virtual"}});
  s3.option("profile", &s3_source_options::profile, "a profile of the shared files");
  s3.option("access_key_id", &s3_source_options::access_key_id, "a key to sign with");
  s3.option("secret_access_key", &s3_source_options::secret_access_key, "its secret");
  s3.option("session_token", &s3_source_options::session_token, "its token, if it is temporary");
  s3.option("anonymous", &s3_source_options::anonymous, "read a public bucket without credentials");
  s3.option("requester_pays", &s3_source_options::requester_pays,
            "agree to pay for a bucket whose owner does not");
  add_remote_options(s3);
  s3.example("Warnings and errors of a year",
             R"(from s3://acme-logs/gateway/2026/**.gz | json | where level >= warn | to warnings.ndjson)");
  return s3.makes([](const s3_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    check_keys(o, report);
    auto address = parse_bucket_address(o.url, "s3", report);
    auto settings = settings_of(o, std::move(address.bucket));
    return std::make_unique<remote_source>(
        with_environment(o), [settings, pattern = address.pattern](const context& with) {
          auto store = std::make_unique<s3_store>(settings, process_environment(), *with.files);
          return std::make_unique<object_inventory>(std::move(store), pattern);
        });
  });
}

}  // namespace weir
