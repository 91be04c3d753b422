#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "source/reading.hpp"
#include "source/with_unreadable.hpp"
#include "weir/source.hpp"

namespace weir {

/// A source of lines, which tells what its `reading` came to.
class line_source : public source, public with_unreadable {
 public:
  std::uint64_t stored_bytes_read() const noexcept override { return reading_.stored_bytes; }
  std::uint64_t unreadable() const noexcept override { return reading_.unreadable.count(); }
  std::vector<std::string> why_unreadable() const override { return reading_.unreadable.reasons(); }
  exit_code code_of_unreadable() const override { return reading_.unreadable.code(); }
  std::uint64_t unverified() const noexcept override { return reading_.unverified_records; }

 protected:
  explicit line_source(reading_options options, bool shards_have_threads = false)
      : reading_{.options = std::move(options), .shards_have_threads = shards_have_threads} {}

  reading reading_;
};

}  // namespace weir
