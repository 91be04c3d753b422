#pragma once
#include <optional>
#include <string>
#include <vector>

#include "source/line_source.hpp"
#include "source/skips_whole.hpp"

namespace weir {

struct file_source_options : reading_options {
  std::vector<std::string> paths;
  std::uint64_t merge = 1;
  std::string order = "listing";
};

/// Files, globs, directories and standard input, read one after the other, or `merge` at a time.
class file_source final : public line_source, public skips_whole {
 public:
  explicit file_source(file_source_options options);

  void skip(was_read_whole was_read) override { reading_.was_read = std::move(was_read); }
  estimate look(const context& with) override;
  std::optional<generator<const listed_input>> list(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  std::optional<concurrent_shards> open_shards(const context& with, resume_points resume) override;

  std::vector<std::string> files() const override { return paths_; }
  std::size_t holds_min_bytes() const noexcept override { return reading_.options.max_line.bytes; }

 private:
  std::optional<double> sampled(const std::string& path, const context& with) const;
  shard_openers listing(const context& with, resume_points resume);
  generator<const listed_input> listed(const context& with);

  std::vector<std::string> paths_;
  std::uint64_t merge_;
  bool any_order_;
};

}  // namespace weir
