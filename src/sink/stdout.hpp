#pragma once
#include <memory>
#include <string>

#include "weir/sink.hpp"

namespace weir {

struct stdout_options {
  std::string format = "auto";  ///< auto, ndjson, pretty, text or csv
  std::string color = "auto";   ///< auto, always or never
};

/// What `to -` writes to. `descriptor` stays open and keeps its flags.
std::unique_ptr<sink> make_stdout_sink(const stdout_options& options, int descriptor = 1);

}  // namespace weir
