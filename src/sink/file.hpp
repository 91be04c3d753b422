#pragma once
#include <memory>
#include <string>

#include "weir/sink.hpp"

namespace weir {

struct file_options {
  std::string path;  ///< `-` is standard output
  std::string format = "ndjson";
  bool append = false;
};

/// What `to PATH` writes to.
std::unique_ptr<sink> make_file_sink(const file_options& options);

}  // namespace weir
