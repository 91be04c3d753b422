#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "engine/pipeline_text.hpp"

namespace weir {

/// A place in a text as editors count: both from 1, columns in code points.
struct text_place {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// Where the byte `offset` of `text` stands; behind the last character if it is too large.
text_place place_of(std::string_view text, std::size_t offset);

/// The stretch of the file that `span` stands for: see `rewritten_text`.
text_span span_in_file(const pipeline_text& in, text_span span);

/// Complaints for people, in the order of the text:
///
///     error: unknown stage `jsn`
///      --> pipeline:1:16
///       |
///     1 | from app.log | jsn
///       |                ^^^
///       = help: did you mean `json`?
///
/// Tabs are expanded, control characters are not printed, of a long line only the part around the
/// fault is.
std::string render(const pipeline_text& in, std::span<const diagnostic> found, bool colour);

/// The same for programs: a JSON array of objects with severity, message, file, line, column,
/// offset, length and help.
std::string render_json(const pipeline_text& in, std::span<const diagnostic> found);

}  // namespace weir
