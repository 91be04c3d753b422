#include <memory>
#include <string>
#include <utility>

#include "net/s3_access.hpp"
#include "net/s3_writer.hpp"
#include "sink/object_options.hpp"
#include "sink/sinks.hpp"

namespace weir {
namespace {

struct s3_sink_options : object_options, s3_access {
  bool conditional = true;
  std::string sse;
  std::string sse_kms_key;
};

/// S3's own rule for all parts but the last, and what rests on its condition.
object_terms terms_of(const s3_sink_options& o) {
  return {.least_part = {5 << 20},
          .guarantee =
              o.conditional
                  ? "exactly once with --state if the server honours If-None-Match, else at least "
                    "once; objects appear once they are whole"
                  : "at least once: nothing keeps the store from replacing an object; objects "
                    "appear once they are whole"};
}

s3_writing writing_of(const s3_sink_options& o, std::string bucket) {
  auto http = to_http_options(o);
  http.ca_file = aws_ca_file(o.ca);
  return {.settings = settings_of(o, std::move(bucket)),
          .http = std::move(http),
          .conditional = o.conditional,
          .encryption = o.sse,
          .kms_key = o.sse_kms_key};
}

writer_maker writers_to(s3_writing how) {
  return [how = std::move(how)](const context& with, const backoff_policy& patience) {
    return make_s3_writer(how, process_environment(), with, patience);
  };
}

}  // namespace

component s3_sink() {
  declare<s3_sink_options> s3(component::role::sink, "s3",
                              "Write the records to objects in S3 and what speaks its protocol.");
  s3.describe(story_of_objects("s3", "s3://BUCKET/KEY") +
              "Credentials, region and endpoint are found as `describe s3` tells of the source.");
  add_object_options(s3, "s3://BUCKET/KEY");
  s3.option("conditional", &s3_sink_options::conditional,
            "Ask the server never to replace an object (If-None-Match); false for servers that "
            "refuse the question.");
  add_s3_access(s3);
  s3.option("sse", &s3_sink_options::sse,
            "How the server is to encrypt what is written; else as the bucket has it.",
            {.choices = {"AES256", "aws:kms", "aws:kms:dsse"}});
  s3.option("sse_kms_key", &s3_sink_options::sse_kms_key, "The key for aws:kms.");
  add_object_connection(s3);
  s3.example("The errors, by day",
             "from app.ndjson | json | where level = \"ERROR\" | to "
             "s3://acme-logs/errors/{date}/app.ndjson.gz");
  s3.example("One prefix a service, an object every hour",
             "from app.ndjson | json | to s3://acme-logs/{service}/ rotate_every=1h");
  return s3.makes([](const s3_sink_options& o, reporter& report) -> product {
    check(static_cast<const s3_access&>(o), report);
    if (!o.sse_kms_key.empty() && !o.sse.starts_with("aws:kms"))
      report.error("`sse_kms_key` needs sse=aws:kms", {});
    if (!o.sse.empty() && !o.sse_customer_key.reveal().empty())
      report.error("`sse` and `sse_customer_key` exclude each other", {});
    const auto writers = [&](std::string bucket) {
      return writers_to(writing_of(o, std::move(bucket)));
    };
    return make_object_sink(o, "s3", terms_of(o), writers, report);
  });
}

}  // namespace weir
