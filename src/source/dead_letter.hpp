#pragma once
#include <string>
#include <vector>

#include "source/line_source.hpp"

namespace weir {

struct dead_letter_source_options {
  std::string path;
};

/// The rejected records of a dead letter, as they were read at first.
class dead_letter_source final : public line_source {
 public:
  explicit dead_letter_source(dead_letter_source_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;

  std::vector<std::string> files() const override { return {path_}; }

 private:
  stream records(const context& with, resume_points resume);

  std::string path_;
};

}  // namespace weir
