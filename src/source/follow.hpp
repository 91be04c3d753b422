#pragma once
#include "source/follower.hpp"
#include "source/line_source.hpp"

namespace weir {

/// Files that grow, as `tail -F` reads them: rotated ones to their end, new ones from their
/// beginning.
class follow_source final : public line_source {
 public:
  explicit follow_source(follow_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  /// What finds the file again under another name; once it was read to its end only until another
  /// one of its log was.
  std::string token_at(const shard& of, position at) override;
  bool endless() const noexcept override { return true; }

  std::vector<std::string> files() const override { return options_.paths; }
  std::size_t holds_min_bytes() const noexcept override { return options_.max_line.bytes; }

 private:
  stream records(const context& with, resume_points resume);

  follow_options options_;
  landmarks landmarks_;
  ended_files ended_;
};

}  // namespace weir
