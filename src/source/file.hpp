#pragma once
#include <string>
#include <vector>

#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

struct file_options : reading_options {
  std::vector<std::string> paths;
};

/// Files, globs, directories and standard input, read one after the other.
class file_source final : public source {
 public:
  explicit file_source(file_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  /// What `open` reads, shard by shard; a stream opens its file when it is first pulled. Streams
  /// may be pulled by different threads; then `resume` is called by them.
  generator<stream> shards(const context& with, resume_points resume);

  std::uint64_t stored_bytes_read() const noexcept override { return reading_.stored_bytes; }
  std::uint64_t unreadable() const noexcept override { return reading_.unreadable.count(); }
  std::vector<std::string> why_unreadable() const override { return reading_.unreadable.reasons(); }
  std::uint64_t unverified() const noexcept override { return reading_.unverified_records; }

 private:
  std::vector<std::string> paths_;
  reading reading_;
};

}  // namespace weir
