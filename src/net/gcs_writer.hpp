#pragma once
#include <memory>
#include <string>

#include "net/gcs_store.hpp"
#include "net/http_retry.hpp"
#include "net/object_writer.hpp"

namespace weir {

/// How a bucket is written to.
struct gcs_writing {
  gcs_settings settings;
  std::string parts;  ///< what the names of parts begin with, until they are objects
  http_options http = {};
};

/// Writes to a bucket. Each call makes attempts as `patience` has it. `with` outlives it.
std::unique_ptr<object_writer> make_gcs_writer(const gcs_writing& how, const environment& env,
                                               const context& with, backoff_policy patience);

}  // namespace weir
