#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/component.hpp"
#include "weir/sink.hpp"

namespace weir {

struct file_sink_options {
  std::string path;  ///< a file, a name template, or `-` for standard output
  std::string format = "auto";
  std::vector<std::string> columns = {};  ///< of CSV
  bool append = false;
  std::string compress = "auto";
  std::optional<std::int64_t> level = {};
  std::optional<byte_size> rotate_bytes = {};
  std::optional<std::chrono::nanoseconds> rotate_every = {};
  std::uint64_t open_files = 64;
};

/// What `to PATH` writes to. Throws weir::error (usage) if the options contradict each other.
std::unique_ptr<sink> make_file_sink(const file_sink_options& options);

}  // namespace weir
