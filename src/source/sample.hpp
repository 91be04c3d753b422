#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/reading.hpp"
#include "weir/context.hpp"

namespace weir {

/// How many lines a stored byte of `path`, a regular file, stands for, by its first block. Nothing
/// if that cannot be read or holds no whole line.
std::optional<double> lines_per_byte_of_file(const std::string& path, const reading_options& how,
                                             const context& with);
/// The same of content that begins with these bytes.
std::optional<double> lines_per_byte(std::string_view stored, const reading_options& how,
                                     const context& with);

struct sampled_records {
  std::vector<std::string> texts;
  bool are_lines = true;
};

/// The first records of `path`, a regular file, as far as its first block holds them, cut as
/// `with` has it: at most `count`.
sampled_records first_records(const std::string& path, const reading_options& how,
                              const context& with, std::size_t count);

}  // namespace weir
