#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pipeline_text.hpp"

namespace weir {

/// Reads a pipeline in its text form, `from ARG... | STEP | ... | to ARG...`. `table` says which
/// names exist and how the text behind each is to be read. Every fault is reported; what is
/// returned after one is what could be read. No I/O.
pipeline_text parse_text(std::string name, std::string text, const std::vector<component>& table,
                         reporter& report);

/// Reads one step, `batch 1000 2s`, as it may stand in a YAML file. `text` is part of a longer
/// text, at `offset` in it. Nothing if it reported.
std::optional<step_text> parse_step(std::string_view text, std::size_t offset,
                                    const std::vector<component>& table, reporter& report);

/// The same for what stands behind `from` or `to`.
std::optional<step_text> parse_endpoint(std::string_view text, std::size_t offset,
                                        component::role is, const std::vector<component>& table,
                                        reporter& report);

/// False, and reported, if `text` is too long, not UTF-8, or holds control characters.
bool check_encoding(std::string_view text, reporter& report);

}  // namespace weir
