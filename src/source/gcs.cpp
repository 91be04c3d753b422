#include <memory>
#include <string>

#include "net/gcs_store.hpp"
#include "net/s3_store.hpp"
#include "source/object_inventory.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct gcs_source_options : remote_options {
  std::string url;
  std::string endpoint;
  bool anonymous = false;
  std::string hmac_key_id;
  secret hmac_secret;
};

/// HMAC keys sign as S3's do, and are taken by the interface that is like S3's.
s3_settings hmac_settings(const gcs_source_options& o, const std::string& bucket) {
  return {.bucket = bucket,
          .scheme = "gs",
          .endpoint = o.endpoint.empty() ? "https://storage.googleapis.com" : o.endpoint,
          .region = "auto",
          .style = s3_settings::addressing::path,
          .who = {.key_id = o.hmac_key_id, .key = o.hmac_secret}};
}

inventory_maker objects_of(const gcs_source_options& o, const bucket_address& at) {
  if (!o.hmac_key_id.empty())
    return [settings = hmac_settings(o, at.bucket), pattern = at.pattern](const context& with) {
      auto store = std::make_unique<s3_store>(settings, process_environment(), *with.files);
      return std::make_unique<object_inventory>(std::move(store), pattern);
    };
  const gcs_settings settings{
      .bucket = at.bucket, .endpoint = o.endpoint, .anonymous = o.anonymous};
  return [settings, pattern = at.pattern](const context& with) {
    auto store = std::make_unique<gcs_store>(settings, process_environment(), *with.files);
    return std::make_unique<object_inventory>(std::move(store), pattern);
  };
}

}  // namespace

component from_gcs() {
  declare<gcs_source_options> gcs(component::role::source, "gcs",
                                  "Reads objects from Google Cloud Storage.");
  gcs.describe(
      "`from gcs url=gs://BUCKET/KEY` can be written `from gs://BUCKET/KEY`. Keys, prefixes and "
      "globs "
      "are as with `s3`, and so are order, breaks and objects that change (told by their "
      "generation).\n\nCredentials: the file that GOOGLE_APPLICATION_CREDENTIALS names or `gcloud` "
      "left, else the metadata server; or an HMAC key. The emulator that STORAGE_EMULATOR_HOST "
      "names is asked "
      "without any.");
  gcs.option("url", &gcs_source_options::url, "gs://BUCKET/KEY, a prefix with its slash, or a glob",
             required);
  gcs.option("endpoint", &gcs_source_options::endpoint, "the URL of another server than Google's");
  gcs.option("anonymous", &gcs_source_options::anonymous,
             "read a public bucket without credentials");
  gcs.option("hmac_key_id", &gcs_source_options::hmac_key_id,
             "an HMAC key to sign with, instead of a token");
  gcs.option("hmac_secret", &gcs_source_options::hmac_secret, "its secret");
  add_remote_options(gcs);
  add_prefetch_option(gcs);
  gcs.example("What went wrong on one day",
              R"(from gs://acme-logs/app/2026-01-02/** | json | where level = "ERROR" | to -)");
  return gcs.makes([](const gcs_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    const auto address = parse_bucket_address(o.url, "gs", report);
    if (o.hmac_key_id.empty() != o.hmac_secret.reveal().empty())
      report.error("`hmac_key_id` and `hmac_secret` belong together", {});
    return std::make_unique<remote_source>(o, objects_of(o, address));
  });
}

}  // namespace weir
