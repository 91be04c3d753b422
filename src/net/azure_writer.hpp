#pragma once
#include <memory>

#include "net/azure_store.hpp"
#include "net/http_retry.hpp"
#include "net/object_writer.hpp"

namespace weir {

/// How a container is written to.
struct azure_writing {
  std::string container;
  std::optional<azure_account> account;
  http_options http = {};
};

/// Writes block blobs to a container. Each call makes attempts as `patience` has it. `with`
/// outlives it.
std::unique_ptr<object_writer> make_azure_writer(const azure_writing& how, const context& with,
                                                 backoff_policy patience);

}  // namespace weir
