#include <memory>
#include <string>
#include <utility>

#include "net/azure_writer.hpp"
#include "sink/object_options.hpp"
#include "sink/sinks.hpp"

namespace weir {
namespace {

struct azure_sink_options : object_options {
  secret connection_string;
};

constexpr byte_size least_part{1 << 20};

writer_maker writers_to(azure_writing how) {
  return [how = std::move(how)](const context& with, const backoff_policy& patience) {
    return make_azure_writer(how, with, patience);
  };
}

}  // namespace

component azure_sink() {
  declare<azure_sink_options> azure(component::role::sink, "azure",
                                    "Write the records to blobs in Azure Storage.");
  azure.describe(
      story_of_objects("azure", "az://CONTAINER/BLOB") +
      "The blocks of a blob that never appears are invisible; Azure drops them when the blob is "
      "written after all, else after a week.\n\nThe account is found as `describe azure` tells of "
      "the source.");
  add_object_options(azure, "az://CONTAINER/BLOB");
  azure.option("connection_string", &azure_sink_options::connection_string,
               "The account, instead of the environment's.");
  add_object_connection(azure);
  azure.example("The errors, by day",
                "from app.ndjson | json | where level = \"ERROR\" | to "
                "az://logs/errors/{date}/app.ndjson.gz");
  return azure.makes([](const azure_sink_options& o, reporter& report) -> product {
    check_account(o.connection_string, report);
    const auto writers = [&](std::string container) {
      return writers_to({.container = std::move(container),
                         .account = account_of(o.connection_string, process_environment()),
                         .http = to_http_options(o)});
    };
    return make_object_sink(o, "az", {.least_part = least_part}, writers, report);
  });
}

}  // namespace weir
