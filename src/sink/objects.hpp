#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/backoff.hpp"
#include "net/object_writer.hpp"
#include "sink/compression.hpp"
#include "sink/line_format.hpp"
#include "sink/name_template.hpp"
#include "weir/sink.hpp"

namespace weir {

/// What a sink of objects writes.
struct objects_plan {
  static constexpr std::uint64_t never_by_count = UINT64_MAX;
  /// Of all objects that one commit makes appear: they make a token of some 20 KB.
  static constexpr std::size_t most_parts = 500;

  name_template keys;
  line_format format = line_format::ndjson;
  compression stored;
  std::uint64_t object_bytes = 64 << 20;          ///< an object ends once it holds so much
  std::uint64_t object_records = never_by_count;  ///< or so many
  std::chrono::nanoseconds object_time = std::chrono::minutes{5};  ///< all objects end so often
  std::size_t part_bytes = 8 << 20;
  std::size_t open_objects = 8;
  std::string guarantee = {};  ///< of delivery, which rests on the store
};

/// Makes the writer of one run, which makes attempts as the policy has it.
using writer_maker =
    std::function<std::unique_ptr<object_writer>(const context& with, backoff_policy patience)>;

/// Writes records to objects, whose keys are made of the position of their first record. Objects
/// are cut by size and number of records, and all of them end with each commit: an upload is
/// sealed in `prepare` and completed in `commit`. docs/design/011-objects-as-sinks.md tells why.
std::unique_ptr<sink> make_objects_sink(objects_plan plan, writer_maker store);

}  // namespace weir
