#pragma once
#include <string>

#include "source/page_reader.hpp"
#include "source/reading.hpp"
#include "weir/source.hpp"

namespace weir {

/// Reads the pages of an HTTP interface as one shard.
class pages_source final : public source {
 public:
  pages_source(page_settings pages, http_options http, reading_options lines);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  std::string token_at(const shard& of, position at) override;

  std::uint64_t unreadable() const noexcept override { return reading_.unreadable.count(); }
  std::vector<std::string> why_unreadable() const override { return reading_.unreadable.reasons(); }

 private:
  shard itself(const context& with) const;
  stream records(const context& with, resume_points resume);
  void note_failure(const page_reader& pages);

  page_settings settings_;
  http_options http_;
  reading reading_;
  page_marks marks_;
};

}  // namespace weir
