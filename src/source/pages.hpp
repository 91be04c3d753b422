#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "source/line_source.hpp"
#include "source/page_reader.hpp"
#include "source/waits_for_servers.hpp"

namespace weir {

/// Reads the pages of an HTTP interface as one shard.
class pages_source final : public line_source, public waits_for_servers {
 public:
  /// `patience` with pages that fail for the time being; none: as the run says, or a usual one.
  pages_source(page_settings pages, http_options http, reading_options lines,
               std::optional<std::chrono::nanoseconds> patience);

  void wait_for(std::chrono::nanoseconds time) override;
  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  std::string token_at(const shard& of, position at) override;

 private:
  shard itself(const context& with) const;
  stream records(const context& with, resume_points resume);
  void note_failure(const page_reader& pages);

  page_settings settings_;
  http_options http_;
  bool patience_is_given_;
  page_marks marks_;
};

}  // namespace weir
