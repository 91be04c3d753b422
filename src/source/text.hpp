#pragma once
#include <string>

#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

struct text_options : line_options {
  std::string text;
};

/// The lines of a text that stands in the pipeline itself: for examples, tests and trying things
/// out.
class text_source final : public source {
 public:
  explicit text_source(text_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;

 private:
  stream records(const context& with, resume_points resume) const;

  text_options options_;
  stage_id stage_{.rule = first_rule, .name = "read"};
};

}  // namespace weir
