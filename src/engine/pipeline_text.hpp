#pragma once
#include <optional>
#include <string>
#include <vector>

#include "weir/component.hpp"

namespace weir {

/// Text that is not in the file as it stands: a YAML string with escapes or folded lines, or one
/// with
/// `${env:X}` in it. Spans in it lie behind the end of the file's text, from `begin` on, and stand
/// for `where`.
struct rewritten_text {
  std::size_t begin = 0;
  std::size_t length = 0;
  text_span where;
  std::string shown;  ///< as the user wrote it: references unresolved, so that no secret shows
};

/// A pipeline as the user wrote it, taken apart but not yet bound to anything. Both spellings
/// become this. All spans point into `text`.
struct pipeline_text {
  std::string name;  ///< what diagnostics call it: "pipeline", or the file's name
  std::string text;
  std::string title;  ///< as the file's `name` has it: what reports call the pipeline; may be empty
  std::optional<step_text> source;  ///< none: standard input
  std::vector<step_text> steps;
  std::optional<step_text> sink;  ///< none: standard output, or a last step that branches
  std::optional<step_text> dead_letter;
  std::vector<rewritten_text> rewritten;
  std::vector<text_span> secrets;  ///< what of the text is never shown
};

/// A pipeline's text is at most this long, in either spelling.
inline constexpr std::size_t pipeline_text_max_bytes = 1 << 20;

}  // namespace weir
