#include <memory>
#include <string>

#include "net/azure_store.hpp"
#include "source/object_inventory.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct azure_source_options : remote_options {
  std::string url;
  secret connection_string;
};

}  // namespace

component from_azure() {
  declare<azure_source_options> azure(component::role::source, "azure",
                                      "Reads blobs from Azure Storage.");
  azure.describe(
      "`from azure url=az://CONTAINER/BLOB` can be written `from az://CONTAINER/BLOB`. Names, "
      "prefixes "
      "and globs are as with `s3`, and so are order, breaks and blobs that change.\n\nThe account "
      "comes from AZURE_STORAGE_CONNECTION_STRING, or from AZURE_STORAGE_ACCOUNT with "
      "AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or AZURE_STORAGE_AUTH_MODE=login for the "
      "managed identity of the machine; without any of these it is asked without credentials.");
  azure.option("url", &azure_source_options::url,
               "az://CONTAINER/BLOB, a prefix with its slash, or a glob", required);
  azure.option("connection_string", &azure_source_options::connection_string,
               "the account, instead of the environment's");
  add_remote_options(azure);
  add_prefetch_option(azure);
  azure.example("How many lines a container has", "from az://logs/** | to count");
  return azure.makes(
      [](const azure_source_options& o, reporter& report) -> std::unique_ptr<source> {
        check(o, report);
        const auto address = parse_bucket_address(o.url, "az", report);
        check_account(o.connection_string, report);
        return std::make_unique<remote_source>(o, [o, address](const context&) {
          auto store = std::make_unique<azure_store>(
              address.bucket, account_of(o.connection_string, process_environment()));
          return std::make_unique<object_inventory>(std::move(store), address.pattern);
        });
      });
}

}  // namespace weir
