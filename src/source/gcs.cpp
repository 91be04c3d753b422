#include <memory>
#include <string>

#include "net/gcs_store.hpp"
#include "source/object_inventory.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct gcs_source_options : remote_options {
  std::string url;
  std::string endpoint;
  bool anonymous = false;
};

}  // namespace

component from_gcs() {
  declare<gcs_source_options> gcs(component::role::source, "gcs",
                                  "Reads objects from Google Cloud Storage.");
  gcs.describe(
      "`from gcs url=gs://BUCKET/KEY` can be written `from gs://BUCKET/KEY`. Keys, prefixes and "
      "globs "
      "are as with `s3`, and so are order, breaks and objects that change (told by their "
      "generation).\n\nCredentials: the file that GOOGLE_APPLICATION_CREDENTIALS names or `gcloud` "
      "left, else the metadata server. The emulator that STORAGE_EMULATOR_HOST names is asked "
      "without any.");
  gcs.option("url", &gcs_source_options::url, "gs://BUCKET/KEY, a prefix with its slash, or a glob",
             required);
  gcs.option("endpoint", &gcs_source_options::endpoint, "the URL of another server than Google's");
  gcs.option("anonymous", &gcs_source_options::anonymous,
             "read a public bucket without credentials");
  add_remote_options(gcs);
  add_prefetch_option(gcs);
  gcs.example("What went wrong on one day",
              R"(from gs://acme-logs/app/2026-01-02/** | json | where level = "ERROR" | to -)");
  return gcs.makes([](const gcs_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    const auto address = parse_bucket_address(o.url, "gs", report);
    const gcs_settings settings{
        .bucket = address.bucket, .endpoint = o.endpoint, .anonymous = o.anonymous};
    return std::make_unique<remote_source>(
        o, [settings, pattern = address.pattern](const context& with) {
          auto store = std::make_unique<gcs_store>(settings, process_environment(), *with.files);
          return std::make_unique<object_inventory>(std::move(store), pattern);
        });
  });
}

}  // namespace weir
