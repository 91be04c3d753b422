#include <memory>
#include <string>
#include <utility>

#include "net/bucket_address.hpp"
#include "net/s3_access.hpp"
#include "source/object_inventory.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct s3_source_options : remote_options, s3_access {
  std::string url;
};

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
      "assumes a role, or names a credential_process), a web identity's token, the container's and "
      "the instance's metadata "
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
  add_s3_access(s3);
  add_remote_options(s3);
  add_prefetch_option(s3);
  s3.example(
      "Warnings and errors of a year",
      R"(from s3://acme-logs/gateway/2026/**.gz | json | where level >= warn | to warnings.ndjson)");
  return s3.makes([](const s3_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(static_cast<const remote_options&>(o), report);
    check(static_cast<const s3_access&>(o), report);
    auto address = parse_bucket_address(o.url, "s3", report);
    auto settings = settings_of(o, std::move(address.bucket));
    remote_options reading = o;
    reading.ca = aws_ca_file(o.ca);
    return std::make_unique<remote_source>(
        std::move(reading), [settings, pattern = address.pattern](const context& with) {
          auto store = std::make_unique<s3_store>(settings, process_environment(), *with.files);
          return std::make_unique<object_inventory>(std::move(store), pattern);
        });
  });
}

}  // namespace weir
