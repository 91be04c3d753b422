#include <memory>
#include <string>
#include <utility>

#include "net/gcs_writer.hpp"
#include "sink/object_options.hpp"
#include "sink/sinks.hpp"

namespace weir {
namespace {

struct gcs_sink_options : object_options {
  std::string parts = ".weir-parts/";
  std::string endpoint;
  bool anonymous = false;
};

constexpr byte_size least_part{1 << 20};

writer_maker writers_to(gcs_writing how) {
  return [how = std::move(how)](const context& with, const backoff_policy& patience) {
    return make_gcs_writer(how, process_environment(), with, patience);
  };
}

}  // namespace

component gcs_sink() {
  declare<gcs_sink_options> gcs(component::role::sink, "gcs",
                                "Write the records to objects in Google Cloud Storage.");
  gcs.describe(
      story_of_objects("gcs", "gs://BUCKET/KEY") +
      "Until it appears, the parts of an object are objects themselves, below `parts`: name a "
      "prefix there that nobody reads. They are deleted once they are the object, so that "
      "creating, reading, listing and deleting have to be allowed.\n\nCredentials are found as "
      "`describe gcs` tells of the source.");
  add_object_options(gcs, "gs://BUCKET/KEY");
  gcs.option("parts", &gcs_sink_options::parts,
             "What the names of parts begin with, until they are objects.");
  gcs.option("endpoint", &gcs_sink_options::endpoint, "The URL of another server than Google's.");
  gcs.option("anonymous", &gcs_sink_options::anonymous, "Write without credentials.");
  add_object_connection(gcs);
  gcs.example("The errors, by day",
              "from app.ndjson | json | where level = \"ERROR\" | to "
              "gs://acme-logs/errors/{date}/app.ndjson.gz");
  return gcs.makes([](const gcs_sink_options& o, reporter& report) -> product {
    const auto writers = [&](std::string bucket) {
      return writers_to({.settings = {.bucket = std::move(bucket),
                                      .endpoint = o.endpoint,
                                      .anonymous = o.anonymous},
                         .parts = o.parts,
                         .http = to_http_options(o)});
    };
    return make_object_sink(o, "gs", {.least_part = least_part}, writers, report);
  });
}

}  // namespace weir
