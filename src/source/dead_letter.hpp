#pragma once
#include <string>
#include <vector>

#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

struct dead_letter_source_options {
  std::string path;
};

/// The rejected records of a dead letter, as they were read at first.
class dead_letter_source final : public source {
 public:
  explicit dead_letter_source(dead_letter_source_options options);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;

  std::vector<std::string> files() const override { return {path_}; }
  std::uint64_t stored_bytes_read() const noexcept override { return reading_.stored_bytes; }
  std::uint64_t unreadable() const noexcept override { return reading_.unreadable.count(); }
  std::vector<std::string> why_unreadable() const override { return reading_.unreadable.reasons(); }

 private:
  stream records(const context& with, resume_points resume);

  std::string path_;
  reading reading_;
};

}  // namespace weir
